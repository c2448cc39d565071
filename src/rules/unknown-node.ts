import type { Fix, Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import { TOP_LEVEL_NODES } from '../source/top-level-nodes.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { setCommand } from '../vyos/command.ts';
import { isSecretPath, lookup, nearest } from '../vyos/schema/index.ts';
import type { Site } from '../vyos/site.ts';
import type { ConfigNode } from '../vyos/tree.ts';
import { mendOf } from './mend.ts';
import { vyos } from './sources.ts';

function* check({ site }: LoadedSite, index: number): Iterable<Problem> {
  for (const node of site.tree.children.values()) {
    if (!TOP_LEVEL_NODES.includes(node.name)) yield strangeTop(node, index);
  }
  for (const problem of site.schemaProblems) {
    if (problem.kind !== 'unknown-node') continue;
    const { name, path, didYouMean, belongsAt, at } = problem;
    const [home] = belongsAt;
    const hint = didYouMean
      ? `Did you mean "${didYouMean}"?`
      : home
        ? `It belongs to "${home}".`
        : `Below "${path.join(' ')}" VyOS has no such node.`;
    yield {
      message: name === null ? `Unknown node below "${path.join(' ')}"` : `Unknown node "${name}"`,
      consequence: `VyOS refuses this command, so it has no effect. ${hint}`,
      locations: [
        {
          site: index,
          at,
          path: [...path, ...(name === null ? [] : [name])],
          value: null,
          origin: 'set',
          label: 'no such node',
        },
      ],
      fix: name === null || didYouMean === undefined ? [] : mend(index, site, path, name, didYouMean),
    };
  }
}

/**
 * A node at the root that VyOS does not have: a slip, or another system's. What holds a VPN is an error, for it is not
 * judged; of other systems' own nodes it is enough to know.
 */
function strangeTop({ name, first, children }: ConfigNode, site: number): Problem {
  const holdsVpn = children.has('ipsec') || children.has('vpn');
  const meant = nearest(name, TOP_LEVEL_NODES);
  const hint =
    meant !== undefined
      ? ` Did you mean "${meant}"?`
      : children.has('vpn')
        ? ' Vyatta 5600 and its heirs keep the VPN there; this tool reads VyOS.'
        : '';
  return {
    message: `Unknown node "${name}": VyOS has none of that name at the root`,
    consequence: `VyOS refuses this, and nothing below it is judged.${hint}`,
    locations: [{ site, at: first.word.at, path: [name], value: null, origin: 'set', label: 'no such node' }],
    ...(holdsVpn || meant !== undefined ? {} : { severity: 'info' as const }),
  };
}

/** The commands that hold an unknown node, with what was meant in its place. None of them may show a secret. */
function mend(
  index: number,
  { dump, release }: Site,
  path: readonly string[],
  name: string,
  meant: string,
): readonly Fix[] {
  const prefix = [...path, name];
  const refused = dump.commands.filter((command) =>
    prefix.every((word, place) => command.path[place]?.text === word),
  );
  const corrected = refused.map((command) => {
    const words = [...path, meant, ...command.path.slice(prefix.length).map(({ text }) => text)];
    const [above, last] = [words.slice(0, -1), words.at(-1)];
    if (command.verb !== 'set' || isSecretPath(words)) return undefined;
    if (lookup(above, release)?.kind === 'leaf') return setCommand(above, last);
    const node = lookup(words, release);
    return node === undefined || node.kind === 'leaf' ? undefined : setCommand(words);
  });
  const places = refused.map(({ at }) => at);
  return mendOf(index, corrected, places);
}

export const unknownNode: SiteRule = {
  id: 'unknown-node',
  scope: 'site',
  summary: 'A node below vpn ipsec that VyOS does not have.',
  severity: 'error',
  notify: null,
  why:
    'VyOS refuses a command with a node that it does not know, and the setting that was meant is not in force: a default ' +
    'is, on this side alone. Often it is a slip of the pen, or a node that belongs one level deeper.',
  mend: 'Correct the name.',
  sources: [vyos('interface-definitions/vpn_ipsec.xml.in')],
  bad: { b: "set vpn ipsec ike-group IKE-A proposal 1 dh-gruop '14'" },
  good: { b: "set vpn ipsec ike-group IKE-A proposal 1 dh-group '14'" },
  check,
};
