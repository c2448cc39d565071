import { nearestForm, type SchemaChildren, type SchemaNode } from './node.ts';
import { DEFAULT_RELEASE, schemaRoot } from './root.ts';

/**
 * Whether what stands at (or below) a path must never be shown. Where the schema knows the nodes it decides;
 * everywhere else a name that sounds like a secret is one, user-given names included: rather too much hidden than
 * too little. The path may end before or behind the value.
 */
export function isSecretPath(path: readonly string[]): boolean {
  let children: SchemaChildren | undefined = schemaRoot;
  let node: SchemaNode | undefined;
  let named = false;
  for (const [index, name] of path.entries()) {
    if (node?.kind === 'tag' && !named) {
      named = true;
      continue;
    }
    node = nearestForm(children, name, DEFAULT_RELEASE);
    if (node === undefined) return path.slice(index).some((_, at) => soundsSecret(path, index + at));
    if (node.secret === true) return true;
    if (node.kind === 'leaf' || node.kind === 'valueless') return false;
    named = false;
    children = node.children;
  }
  return false;
}

const SECRET_NAME =
  /(?:^|[-_])(?:secret\w*|password\w*|passwd|passphrase|psk|keys?|token|cak|ckn|credentials?|cisco-authentication)$/i;
const SECRET_PART = /pre-?shared|private-?key|pass(?:word|phrase)/i;
const PUBLIC_NAME = /public-?keys?$/i;

function soundsSecret(path: readonly string[], index: number): boolean {
  const name = path[index] ?? '';
  if (PUBLIC_NAME.test(name) || (name === 'key' && path[index - 1] === 'public')) return false;
  if (name === 'community') return path.includes('snmp');
  return SECRET_NAME.test(name) || SECRET_PART.test(name);
}
