import type { Report, ReportLink } from '../lint/report.ts';
import { inert } from './inert.ts';
import { cells, type Paper, padded, wrapped } from './paper.ts';

/** The two ends below each other, in columns: names of files and peers may be long. */
export function linkHeading(link: ReportLink, report: Report, on: Paper): readonly string[] {
  const ends = [
    { corner: on.sign.top, letter: 'A', peer: link.a.peer, ...siteTexts(link.a.site, report) },
    { corner: on.sign.bottom, letter: 'B', peer: link.b.peer, ...siteTexts(link.b.site, report) },
  ];
  const widest = (texts: readonly string[]): number => Math.max(...texts.map(cells));
  const nameWidth = widest(ends.map(({ name }) => name));
  const peerWidth = widest(ends.map(({ peer }) => peer));
  const lines = ends.map(({ corner, letter, name, peer, file, release }) => {
    const who = `${padded(name, nameWidth)}  peer ${padded(peer, peerWidth)}`;
    return `${on.ink.dim(corner)} ${on.ink.bold(`${letter}  ${who}`)}  ${file}${on.ink.dim(`  ${release}`)}`;
  });
  return [
    ...lines,
    ...reasonOfRelease(link.a.site, 'A', report, on),
    ...reasonOfRelease(link.b.site, 'B', report, on),
  ];
}

/** How a release is known that was found in the dump: the defaults and mends rest on it. */
function reasonOfRelease(site: number, letter: string, report: Report, on: Paper): readonly string[] {
  const reason = report.sites[site]?.vyosReason;
  if (reason === undefined || !reason.includes('because of')) return [];
  return wrapped(`${letter}: ${reason}`, on.width - 2).map((line) => on.ink.dim(`  ${line}`));
}

/** What a site is called, inert. */
export function siteTexts(
  index: number,
  report: Report,
): { readonly name: string; readonly file: string; readonly release: string } {
  const site = report.sites[index];
  if (site === undefined) return { name: '', file: '', release: '' };
  return { name: inert(site.name), file: inert(site.file.name), release: `VyOS ${inert(site.vyos)}` };
}
