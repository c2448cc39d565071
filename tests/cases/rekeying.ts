import { type CoverageCase, ikev1, olderSite, patched, routeBased } from './case.ts';

const twoTunnels = {
  a: ["set $peer tunnel 2 local prefix '10.1.1.0/24'", "set $peer tunnel 2 remote prefix '10.2.1.0/24'"],
  b: ["set $peer tunnel 2 local prefix '10.2.1.0/24'", "set $peer tunnel 2 remote prefix '10.1.1.0/24'"],
};

/** Roles, rekeys, PFS and duplicates. */
export const rekeying: readonly CoverageCase[] = [
  {
    number: 34,
    title: 'IKEv1, the IKE_SA lives no longer than its child',
    sites: patched(ikev1, { both: ["set $ike lifetime '3600'"] }),
    finds: ['warning ikev1-used', 'warning ike-lifetime-not-longer'],
  },
  {
    number: 35,
    title: 'IKEv2, one tunnel',
    sites: patched({ a: ["set $esp pfs 'disable'"] }),
    finds: ['error pfs-mismatch'],
    notify: 'NO_PROPOSAL_CHOSEN',
    logs: [
      'no acceptable proposal found',
      'received NO_PROPOSAL_CHOSEN notify, no CHILD_SA built',
      'failed to establish CHILD_SA, keeping IKE_SA',
    ],
  },
  {
    number: 36,
    title: 'IKEv2, two tunnels',
    sites: patched(twoTunnels, { a: ["set $esp pfs 'disable'"] }),
    finds: ['error pfs-mismatch'],
    notify: 'NO_PROPOSAL_CHOSEN',
    logs: ['received NO_PROPOSAL_CHOSEN notify, no CHILD_SA built'],
  },
  {
    number: 37,
    title: 'IKEv1',
    sites: patched(ikev1, { a: ["set $esp pfs 'disable'"] }),
    finds: ['error pfs-mismatch'],
    notify: 'NO_PROPOSAL_CHOSEN',
    logs: [
      'no matching proposal found, sending NO_PROPOSAL_CHOSEN',
      'received NO_PROPOSAL_CHOSEN error notify',
    ],
  },
  {
    number: 38,
    title: 'the same IKE proposals in another order',
    sites: patched({
      both: [
        "set $esp pfs 'enable'",
        "set $ike proposal 2 encryption 'aes256'",
        "set $ike proposal 2 hash 'sha256'",
      ],
      a: ["set $ike proposal 2 dh-group '19'"],
      b: ["set $ike proposal 1 dh-group '19'", "set $ike proposal 2 dh-group '14'"],
    }),
    finds: ['error pfs-mismatch'],
    notify: 'NO_PROPOSAL_CHOSEN',
  },
  {
    number: 39,
    title: 'both initiate and call again, with a VTI',
    sites: patched(routeBased, {
      b: ["set $peer connection-type 'initiate'", "set $ike dead-peer-detection action 'restart'"],
    }),
    finds: ['warning both-sides-restart'],
  },
  {
    number: 39,
    title: 'both initiate, and one of them calls again',
    sites: patched({ b: ["set $peer connection-type 'initiate'"] }),
    finds: [],
    only: true,
  },
  {
    number: 40,
    title: 'dead-peer-detection restart on both sides',
    sites: patched({
      b: ["set $ike dead-peer-detection action 'restart'", "set $peer connection-type 'initiate'"],
    }),
    finds: ['warning both-sides-restart'],
  },
  {
    number: 41,
    title: 'close-action start on both sides',
    sites: patched({ b: ["set $ike close-action 'start'", "set $peer connection-type 'initiate'"] }),
    finds: ['warning both-sides-restart'],
  },
  {
    number: 43,
    title: 'both trap and call again after dead-peer-detection',
    sites: patched({
      both: ["set $peer connection-type 'trap'", "set $ike dead-peer-detection action 'restart'"],
    }),
    finds: ['warning both-sides-restart'],
  },
  {
    number: 44,
    title: 'identical lifetimes',
    sites: patched(),
    finds: [],
    only: true,
  },
  {
    number: 46,
    title: 'initiate against respond',
    sites: patched({ b: ["set $peer connection-type 'respond'"] }),
    finds: ['info respond-not-passive'],
  },
  {
    number: 47,
    title: 'none against none',
    sites: patched({ both: ["set $peer connection-type 'none'"] }),
    finds: ['warning nobody-initiates'],
  },
  {
    number: 47,
    title: 'respond against respond on a VTI',
    sites: patched(routeBased, { both: ["set $peer connection-type 'respond'"] }),
    finds: ['warning nobody-initiates'],
  },
  {
    number: 47,
    title: 'respond against respond with prefixes: the first packet calls',
    sites: patched({ both: ["set $peer connection-type 'respond'"] }),
    finds: [],
    only: true,
  },
  {
    number: 48,
    title: 'respond with the remote-address any',
    sites: patched({ b: ["set $peer remote-address 'any'", "set $peer connection-type 'respond'"] }),
    finds: ['info peer-address-any'],
  },
  {
    number: 49,
    title: 'ikev2-reauth in 1.4',
    sites: patched({ a: ['set $ike ikev2-reauth'] }),
    finds: ['info setting-ignored'],
  },
  {
    number: 50,
    title: '1.3 with peer any',
    sites: [olderSite('a', '1.3'), olderSite('b', '1.3', { peer: 'any' })],
    finds: ['info peer-address-any'],
  },
  {
    number: 51,
    title: 'on B alone',
    sites: patched({ a: ['delete $ike dead-peer-detection'] }),
    finds: ['warning dpd-missing'],
  },
  {
    number: 51,
    title: 'on neither side',
    sites: patched({ both: ['delete $ike dead-peer-detection'] }),
    finds: ['warning dpd-missing'],
  },
];
