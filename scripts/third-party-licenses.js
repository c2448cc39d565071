import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The paths of the files that went into what esbuild built, by its metafiles. */
export function inputsOf(built) {
  return built.flatMap(({ metafile }) =>
    Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs)),
  );
}

/**
 * The licenses of the packages that were bundled, as one text: most ask that theirs goes with every copy. `inputs` are
 * the paths of the files that went into the bundles. A package without a license is an error.
 */
export function thirdPartyLicenses(inputs) {
  const folders = new Set(
    inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  );
  // The same version of a package may lie in several folders.
  const texts = new Map([...folders].map(licenseOf));
  const intro =
    'vyos-ipsec-lint holds code of these packages, each under the license that follows its name.\n';
  const parts = [...texts.keys()]
    .toSorted()
    .map((title) => `${title}\n${'-'.repeat(title.length)}\n\n${texts.get(title)}\n`);
  return [intro, ...parts].join('\n');
}

function licenseOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const text = ownFile(folder) ?? chapterOfReadme(folder);
  if (text === undefined || license === undefined) throw new Error(`${name}: where is its license?`);
  return [`${name} ${version} (${license})`, text];
}

function ownFile(folder) {
  return textOf(folder, /^(?:licen[cs]e|copying)(?:[.-]|$)/i);
}

/** What a README says under the heading of its license. */
function chapterOfReadme(folder) {
  return /^(?:#+ *)?licen[cs]e\b[^\n]*\n(?:-+\n)?(.+)/ims
    .exec(textOf(folder, /^readme\b/i) ?? '')?.[1]
    ?.trim();
}

function textOf(folder, name) {
  const file = readdirSync(folder).find((entry) => name.test(entry));
  return file === undefined
    ? undefined
    : readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
}
