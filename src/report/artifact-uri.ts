/** Where a file stands, as SARIF has it. */
export interface ArtifactLocation {
  readonly uri: string;
  readonly uriBaseId?: string;
}

/** What stands for the root of the repository. */
export const sourceRoot = '%SRCROOT%';

/** The location of a path: below the root of the repository where it is relative, else a `file` address. */
export function artifactLocation(path: string): ArtifactLocation {
  const encoded = path.split('/').map(encodedSegment).join('/');
  if (path.startsWith('/')) return { uri: `file://${encoded}` };
  if (/^[a-z]:[\\/]/i.test(path)) {
    const [drive, ...rest] = path.split(/[\\/]/);
    return { uri: `file:///${[drive, ...rest.map(encodedSegment)].join('/')}` };
  }
  // GitHub allows no empty address.
  return { uri: encoded === '' ? '.' : encoded, uriBaseId: sourceRoot };
}

/** A half of a surrogate pair has no encoding. */
function encodedSegment(segment: string): string {
  return encodeURIComponent(segment.replace(/\p{Cs}/gu, '\ufffd'));
}
