import type { Report, ReportEnd, ReportLink } from '../lint/report.ts';
import { inert } from './inert.ts';
import { pairingText } from './pairing-text.ts';
import { cells, type Paper, padded, wrapped } from './paper.ts';
import { hasLetters } from './site-name.ts';

/** The two ends below each other, in columns: names of files and peers may be long. */
export function linkHeading(link: ReportLink, report: Report, on: Paper): readonly string[] {
  const ends = [
    { corner: on.sign.top, end: link.a },
    { corner: on.sign.bottom, end: link.b },
  ].map(({ corner, end }) => {
    const { name, ...site } = siteTexts(end.site, report);
    const called = hasLetters(link, report.sites) ? `${end.name}  ${name}` : inert(end.name);
    return { corner, peer: end.peer, name: called, ...site };
  });
  const widest = (texts: readonly string[]): number => Math.max(...texts.map(cells));
  const nameWidth = widest(ends.map(({ name }) => name));
  const peerWidth = widest(ends.map(({ peer }) => peer));
  const lines = ends.map(({ corner, name, peer, file, release }) => {
    const who = `${padded(name, nameWidth)}  peer ${padded(peer, peerWidth)}`;
    return `${on.ink.dim(corner)} ${on.ink.bold(who)}  ${file}${on.ink.dim(`  ${release}`)}`;
  });
  const doubt = pairingText(link);
  return [
    ...lines,
    ...(doubt === undefined ? [] : wrapped(doubt, on.width - 2).map((line) => on.ink.dim(`  ${line}`))),
    ...reasonOfRelease(link.a, report, on),
    ...reasonOfRelease(link.b, report, on),
  ];
}

/** How a release is known that was found in the dump: the defaults and mends rest on it. */
function reasonOfRelease({ site, name }: ReportEnd, report: Report, on: Paper): readonly string[] {
  const reason = report.sites[site]?.vyosReason;
  if (reason === undefined || !reason.includes('because of')) return [];
  return wrapped(`${name}: ${reason}`, on.width - 2).map((line) => on.ink.dim(`  ${line}`));
}

/** What a site is called, inert. */
export function siteTexts(
  index: number,
  report: Report,
): { readonly name: string; readonly file: string; readonly release: string } {
  const site = report.sites[index];
  if (site === undefined) return { name: '', file: '', release: '' };
  return { name: inert(site.called), file: inert(site.file.name), release: `VyOS ${inert(site.vyos)}` };
}
