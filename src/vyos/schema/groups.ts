import { dhGroup, dhGroup12, encryption, encryption12, hash, hash12, pfs, pfs12, prf } from './algorithms.ts';
import type { SchemaChildren, SchemaNode } from './node.ts';
import { between, decimalNumber, groupName13, oneOf, onOff, wholeNumber, yesNo } from './rules.ts';

const seconds = between(30, 86_400);

const cipher: SchemaChildren = {
  encryption: [
    { kind: 'leaf', until: '1.2', values: encryption12, default: 'aes128' },
    { kind: 'leaf', since: '1.3', values: encryption, default: 'aes128' },
  ],
  hash: [
    { kind: 'leaf', until: '1.2', values: hash12, default: 'sha1' },
    { kind: 'leaf', since: '1.3', values: hash, default: 'sha1' },
  ],
};

/** 1.2 and 1.3 demand a number; 1.4 and later take any name, though their own help speaks of numbers. */
function proposal(children: SchemaChildren): readonly SchemaNode[] {
  return [
    { kind: 'tag', until: '1.3', values: between(1, 65_535), placeholder: '<number>', children },
    { kind: 'tag', since: '1.4', placeholder: '<number>', children },
  ];
}

function group(children: SchemaChildren): readonly SchemaNode[] {
  return [
    { kind: 'tag', until: '1.3', values: groupName13, children },
    { kind: 'tag', since: '1.4', children },
  ];
}

const espChildren: SchemaChildren = {
  compression: [
    {
      kind: 'leaf',
      until: '1.3',
      values: onOff,
      default: 'disable',
      renamedTo: 'vpn ipsec esp-group <name> compression',
      leftOut: 'disable',
    },
    { kind: 'valueless', since: '1.4', renamedFrom: 'vpn ipsec esp-group <name> compression enable' },
  ],
  // Not in 1.4.0: vyos.dev T6599.
  'disable-rekey': { kind: 'valueless', since: '1.4' },
  lifetime: { kind: 'leaf', values: seconds, default: '3600' },
  'life-bytes': { kind: 'leaf', since: '1.4', values: between(1024, 26_843_545_600_000) },
  'life-packets': { kind: 'leaf', since: '1.4', values: between(1000, 26_843_545_600_000) },
  mode: { kind: 'leaf', values: oneOf('tunnel', 'transport'), default: 'tunnel' },
  pfs: [
    { kind: 'leaf', until: '1.2', values: pfs12, default: 'enable' },
    { kind: 'leaf', since: '1.3', values: pfs, default: 'enable' },
  ],
  proposal: proposal(cipher),
};

/** MIG 12-to-13 of vyos-1x src/migration-scripts/ipsec: `hold` became `trap`, `restart` `start`; 8-to-9: `clear` `none`. */
const dpdSynonyms = [['hold', 'trap']];
const closeSynonyms = [
  ['hold', 'trap'],
  ['restart', 'start'],
  ['clear', 'none'],
];

const ikeChildren: SchemaChildren = {
  'close-action': [
    {
      kind: 'leaf',
      until: '1.3',
      values: oneOf('none', 'hold', 'clear', 'restart'),
      default: 'none',
      synonyms: closeSynonyms,
    },
    {
      kind: 'leaf',
      since: '1.4',
      values: oneOf('none', 'trap', 'start'),
      default: 'none',
      synonyms: closeSynonyms,
    },
  ],
  'dead-peer-detection': {
    kind: 'node',
    presence: true,
    children: {
      action: [
        {
          kind: 'leaf',
          until: '1.3',
          values: oneOf('hold', 'clear', 'restart'),
          default: 'hold',
          synonyms: dpdSynonyms,
        },
        {
          kind: 'leaf',
          since: '1.4',
          values: oneOf('trap', 'clear', 'restart'),
          default: 'clear',
          synonyms: dpdSynonyms,
        },
      ],
      interval: { kind: 'leaf', values: between(2, 86_400), default: '30' },
      timeout: { kind: 'leaf', values: between(2, 86_400), default: '120' },
    },
  },
  'ikev2-reauth': [
    {
      kind: 'leaf',
      until: '1.3',
      values: yesNo,
      default: 'no',
      renamedTo: 'vpn ipsec ike-group <name> ikev2-reauth',
      leftOut: 'no',
    },
    { kind: 'valueless', since: '1.4', renamedFrom: 'vpn ipsec ike-group <name> ikev2-reauth yes' },
  ],
  'key-exchange': [
    { kind: 'leaf', until: '1.2', values: oneOf('ikev1', 'ikev2'), default: 'ikev1' },
    // No default: both versions are answered, and IKEv2 is called with (vyos.dev T4005).
    { kind: 'leaf', since: '1.3', values: oneOf('ikev1', 'ikev2') },
  ],
  lifetime: [
    { kind: 'leaf', until: '1.3', values: seconds, default: '28800' },
    // 0: no rekey (vyos.dev T5139).
    { kind: 'leaf', since: '1.4', values: between(0, 86_400), default: '28800' },
  ],
  // The template has no default; the daemon's own is on.
  mobike: {
    kind: 'leaf',
    until: '1.3',
    values: onOff,
    default: 'enable',
    renamedTo: 'vpn ipsec ike-group <name> disable-mobike',
    leftOut: 'enable',
  },
  'disable-mobike': {
    kind: 'valueless',
    since: '1.4',
    renamedFrom: 'vpn ipsec ike-group <name> mobike disable',
  },
  mode: { kind: 'leaf', values: oneOf('main', 'aggressive'), default: 'main' },
  proposal: proposal({
    'dh-group': [
      { kind: 'leaf', until: '1.2', values: dhGroup12, default: '2' },
      { kind: 'leaf', since: '1.3', values: dhGroup, default: '2' },
    ],
    // vyos.dev T4925, in 1.3 too.
    prf: { kind: 'leaf', since: '1.3', values: prf },
    ...cipher,
  }),
};

/** `vpn ipsec esp-group` of 1.2 to 1.5. */
export const espGroup = group(espChildren);
/** `vpn ipsec ike-group` of 1.2 to 1.5. */
export const ikeGroup = group(ikeChildren);

/** `vpn ipsec options retransmission`: vyos-1x PR 4601 and the VyOS documentation of 2025. */
export const retransmission: SchemaNode = {
  kind: 'node',
  since: '1.5',
  children: {
    attempts: { kind: 'leaf', values: wholeNumber, default: '5' },
    base: { kind: 'leaf', values: decimalNumber, default: '1.8' },
    timeout: { kind: 'leaf', values: decimalNumber, default: '4' },
  },
};
