import type { LoadedSite } from '../../src/strongswan/load-site.ts';
import { isMasked } from '../../src/vyos/schema/index.ts';
import { child, lastValue } from '../../src/vyos/tree.ts';

const codings: Readonly<Record<string, string>> = { base64: '0s', hex: '0x' };

/** What `render` prints, with the secrets of the dump in it as VyOS writes them: a laboratory needs them. */
export function withSecrets(rendered: string, { site }: LoadedSite): string {
  const block = /^( *)(ike|ppk)-(.+) \{\n([\s\S]*?)\n\1\}/gm;
  return rendered.replaceAll(block, (whole, _indent, kind: 'ike' | 'ppk', name: string) => {
    const keys = kind === 'ike' ? site.psks : site.ppks;
    const path = keys.find((key) => key.name === name)?.path ?? [];
    const node = child(site.tree, ...path);
    const text = lastValue(path.at(-1) === 'pre-shared-secret' ? node : child(node, 'secret'))?.value;
    if (text === undefined || isMasked(text)) return whole;
    const coding = codings[lastValue(child(node, 'secret-type'))?.value ?? ''];
    return whole.replace(/(secret = ).*/, (_line, key: string) =>
      coding === undefined ? `${key}"${text}"` : `${key}${coding}${text}`,
    );
  });
}
