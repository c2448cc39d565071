import { describe, expect, test } from '@jest/globals';
import type { Release } from '../../src/vyos/schema/index.ts';
import {
  type Difference,
  differences,
  ipsecConfOf,
  loaded,
  observations,
  swanctlOf,
  withoutSecrets,
} from './observed-vyos.ts';

/** A kind of difference that is none, or is known, and why. */
interface Kind {
  readonly why: string;
  readonly explains: (difference: Difference) => boolean;
}

const dhcp: Kind = {
  why: 'the address that DHCP gave the router is in no dump',
  explains: ({ theirs = '' }) => theirs.includes('203.0.113.77/24'),
};

/** What VyOS writes since the middle of 2025 and later, and no release that this project knows. */
const rolling: readonly Kind[] = [
  {
    why: 'esn, since June 2026 (vyos-1x PR 5284): each ESP proposal is written with what it says of it',
    explains: ({ path, ours = '', theirs = '' }) => {
      const distinct = (texts: string) =>
        [...new Set(texts.split(',').map((text) => text.replaceAll(/-(?:no)?esn/g, '')))].join();
      return path.at(-1)?.endsWith('proposals') === true && distinct(theirs) === distinct(ours);
    },
  },
  {
    why: 'ikev2-reauth, since May 2026 (vyos-1x PR 5197): it is handed to strongSwan',
    explains: ({ path, ours, theirs }) => path.at(-1) === 'reauth_time' && !ours && theirs !== '0',
  },
  {
    why: 'protocol all, since July 2025 (vyos-1x PR 4624): it is written as no protocol',
    explains: ({ ours, theirs }) => ours?.replaceAll('[all/]', '').replaceAll('[all/', '[/') === theirs,
  },
  {
    why: 'passthrough, since May 2025 (vyos-1x PR 4509): only of a local prefix that lies within a remote one',
    explains: ({ path }) => path.some((name) => name.endsWith('-passthrough')),
  },
  {
    why: 'unique (vyos-1x PR 5475) is newer than the templates that were run',
    explains: ({ path, theirs }) => path.at(-1) === 'unique' && theirs === undefined,
  },
];

const releases: readonly {
  readonly file: string;
  readonly release: Release;
  readonly kinds: readonly Kind[];
  /** How many dumps VyOS committed, and how many of them are written exactly as it did. */
  readonly counts: { readonly committed: number; readonly same: number };
}[] = [
  { file: 'vyos-1.4', release: '1.4', kinds: [dhcp], counts: { committed: 240, same: 152 } },
  { file: 'vyos-rolling', release: '1.5', kinds: [dhcp, ...rolling], counts: { committed: 125, same: 5 } },
  { file: 'vyos-1.3', release: '1.3', kinds: [], counts: { committed: 166, same: 166 } },
];

describe('what VyOS itself wrote of a dump is what is written here, key by key', () => {
  test.each(releases)('$file', ({ file, release, kinds, counts }) => {
    const committed = observations(file).filter(({ refused }) => refused === null);
    const found = committed.map((observation) => {
      const site = loaded(observation, release);
      return observation.swanctl
        ? differences(withoutSecrets(swanctlOf(site)), withoutSecrets(observation.swanctl))
        : differences(ipsecConfOf(site), observation.ipsecConf);
    });
    const unexplained = found.flat().filter((each) => !kinds.some(({ explains }) => explains(each)));
    expect(unexplained).toEqual([]);
    expect({
      committed: committed.length,
      same: found.filter((each) => each.length === 0).length,
    }).toEqual(counts);
    // A kind that explains nothing any more is to go.
    expect(kinds.filter(({ explains }) => !found.flat().some(explains)).map(({ why }) => why)).toEqual([]);
  });
});
