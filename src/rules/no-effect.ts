import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { firstSecretWord } from '../vyos/schema/index.ts';
import type { TreeNote } from '../vyos/tree.ts';
import { vyos } from './sources.ts';

const about: Readonly<Record<TreeNote['kind'], string>> = {
  'deleted-nothing': 'delete',
  'deactivated-nothing': 'deactivate',
  'activated-nothing': 'activate',
  'commented-nothing': 'comment on',
};

function* check({ site }: LoadedSite, index: number): Iterable<Problem> {
  for (const note of site.tree.notes) {
    const path = pathOf(note);
    yield {
      message: `Nothing to ${about[note.kind]}: "${path.join(' ')}" is not set`,
      consequence:
        'The line changes nothing: the configuration stays as the other lines leave it. If something was meant by it, it is spelled otherwise there.',
      locations: [
        { site: index, at: note.at, path, value: null, origin: 'set', label: 'not set by the lines before' },
      ],
    };
  }
}

/** Up to the word that names what is not there; of a secret that is not there, up to its node. */
function pathOf({ command: { path }, at }: TreeNote): readonly string[] {
  const missing = path.findIndex((word) => word.at.start === at.start);
  const end = Math.min(missing < 0 ? path.length : missing + 1, firstSecretWord(path) ?? path.length);
  return path.slice(0, end).map(({ text }) => text);
}

export const noEffect: SiteRule = {
  id: 'no-effect',
  scope: 'site',
  summary: 'A command about a node or a value that is not there.',
  severity: 'info',
  notify: null,
  why:
    'Who deletes, deactivates or activates something that is not set, or comments on it, changes nothing. Often a name ' +
    'was mistyped, and what was meant to go is still in force. The lines may also stand in another order than was meant.',
  mend: 'Correct the name, or take the line out.',
  sources: [vyos('interface-definitions/vpn_ipsec.xml.in')],
  bad: { b: 'deactivate vpn ipsec ike-group OLD' },
  good: { b: "set vpn ipsec ike-group OLD lifetime '28800'\ndeactivate vpn ipsec ike-group OLD" },
  check,
};
