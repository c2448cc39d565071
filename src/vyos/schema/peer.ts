import type { SchemaChildren, SchemaNode } from './node.ts';
import {
  addressOrAny,
  anyText,
  between,
  description,
  flag,
  flag14,
  hostOrAny,
  interfaceName,
  network,
  oneOf,
  onOff,
  peerName,
  port,
  port13,
  prefix13,
  protocol,
  secret,
  text,
} from './rules.ts';

/** `local` and `remote` of a tunnel: one prefix in 1.2 and 1.3 (the last one wins), any number since 1.4. */
const selector: SchemaNode = {
  kind: 'node',
  children: {
    port: [
      { kind: 'leaf', until: '1.3', values: port13 },
      { kind: 'leaf', since: '1.4', values: port },
    ],
    prefix: [
      { kind: 'leaf', until: '1.3', values: prefix13 },
      { kind: 'leaf', since: '1.4', multi: true, values: network },
    ],
  },
};

const tunnel: SchemaChildren = {
  'allow-nat-networks': { kind: 'leaf', until: '1.3', values: onOff, default: 'disable' },
  'allow-public-networks': { kind: 'leaf', until: '1.3', values: onOff, default: 'disable' },
  disable: flag,
  'esp-group': text,
  local: selector,
  priority: { kind: 'leaf', since: '1.4', values: between(1, 100) },
  protocol: { kind: 'leaf', values: protocol },
  remote: selector,
};

/** vyos-1x PR 4930 (T8136), 2026. */
const ppk: SchemaNode = {
  kind: 'node',
  since: '1.5',
  children: { id: text, required: flag },
};

/** vyos-1x PR 4930, 2026: a setting of the connection. */
export const childless: SchemaNode = {
  kind: 'leaf',
  since: '1.5',
  values: oneOf('allow', 'prefer', 'force', 'never'),
};

const PEER = 'vpn ipsec site-to-site peer <name>';
const moved = `${PEER} authentication`;

const authentication: SchemaNode = {
  kind: 'node',
  children: {
    id: { kind: 'leaf', until: '1.3', renamedTo: `${moved} local-id` },
    'local-id': { kind: 'leaf', since: '1.4', renamedFrom: `${moved} id` },
    mode: [
      {
        kind: 'leaf',
        until: '1.3',
        values: oneOf('pre-shared-secret', 'x509', 'rsa'),
        default: 'pre-shared-secret',
      },
      { kind: 'leaf', since: '1.4', values: oneOf('pre-shared-secret', 'rsa', 'x509') },
    ],
    ppk,
    'pre-shared-secret': {
      kind: 'leaf',
      until: '1.3',
      secret: true,
      renamedTo: 'vpn ipsec authentication psk <psk> secret',
    },
    // Unset in 1.2 and 1.3: the peer's own address.
    'remote-id': [
      { kind: 'leaf', until: '1.3' },
      { kind: 'leaf', since: '1.4', default: '%any' },
    ],
    rsa: {
      kind: 'node',
      since: '1.4',
      renamedFrom: `${moved} rsa-key-name`,
      children: { 'local-key': text, passphrase: secret, 'remote-key': text },
    },
    'rsa-key-name': { kind: 'leaf', until: '1.3', renamedTo: `${moved} rsa remote-key` },
    'use-x509-id': flag,
    x509: {
      kind: 'node',
      children: {
        'ca-cert-file': { kind: 'leaf', until: '1.3', renamedTo: `${moved} x509 ca-certificate` },
        'cert-file': { kind: 'leaf', until: '1.3', renamedTo: `${moved} x509 certificate` },
        'crl-file': { kind: 'leaf', until: '1.3', renamedTo: 'pki ca <ca> crl' },
        key: {
          kind: 'node',
          until: '1.3',
          renamedTo: 'pki certificate <certificate> private key',
          children: { file: text, password: secret },
        },
        'ca-certificate': {
          kind: 'leaf',
          since: '1.4',
          multi: true,
          renamedFrom: `${moved} x509 ca-cert-file`,
        },
        certificate: { kind: 'leaf', since: '1.4', renamedFrom: `${moved} x509 cert-file` },
        passphrase: {
          kind: 'leaf',
          since: '1.4',
          secret: true,
          renamedFrom: `${moved} x509 key password`,
        },
      },
    },
  },
};

/** 13-to-14 of vyos-1x src/migration-scripts/ipsec (Nov 2025, T7594): `respond` became `trap`, and means the same. */
const connectionSynonyms = [['respond', 'trap']];

const peer: SchemaChildren = {
  authentication,
  childless,
  'connection-type': [
    {
      kind: 'leaf',
      until: '1.3',
      values: oneOf('initiate', 'respond'),
      default: 'initiate',
      synonyms: connectionSynonyms,
    },
    // The XML has no default; the template initiates when it is not set.
    {
      kind: 'leaf',
      since: '1.4',
      until: '1.4',
      values: oneOf('initiate', 'respond', 'none'),
      default: 'initiate',
      synonyms: connectionSynonyms,
    },
    // 1.5 stands for the time before and after ipsec@14: both words.
    {
      kind: 'leaf',
      since: '1.5',
      values: oneOf('initiate', 'trap', 'none', 'respond'),
      default: 'initiate',
      synonyms: connectionSynonyms,
    },
  ],
  'default-esp-group': text,
  description,
  'dhcp-interface': { kind: 'leaf', values: interfaceName },
  disable: flag14,
  'force-encapsulation': {
    kind: 'leaf',
    until: '1.3',
    values: onOff,
    default: 'disable',
    renamedTo: `${PEER} force-udp-encapsulation`,
    leftOut: 'disable',
  },
  'force-udp-encapsulation': {
    kind: 'valueless',
    since: '1.4',
    renamedFrom: `${PEER} force-encapsulation enable`,
  },
  'ike-group': text,
  'ikev2-reauth': { kind: 'leaf', values: oneOf('yes', 'no', 'inherit'), default: 'inherit' },
  'local-address': { kind: 'leaf', values: addressOrAny },
  'remote-address': {
    kind: 'leaf',
    since: '1.4',
    multi: true,
    values: hostOrAny,
    renamedFrom: 'vpn ipsec site-to-site peer <address>',
  },
  'replay-window': { kind: 'leaf', since: '1.4', values: between(0, 2040), default: '32' },
  tunnel: [
    {
      kind: 'tag',
      until: '1.3',
      values: between(0, 4_294_967_295),
      placeholder: '<number>',
      children: tunnel,
    },
    // Any name is taken, though the help speaks of numbers.
    { kind: 'tag', since: '1.4', placeholder: '<number>', children: tunnel },
  ],
  // vyos.dev T8952, PR 5475.
  unique: { kind: 'leaf', since: '1.5', values: oneOf('never', 'keep', 'replace') },
  'virtual-address': { kind: 'leaf', since: '1.4', multi: true },
  vti: {
    kind: 'node',
    children: {
      bind: text,
      'esp-group': text,
      // vyos.dev T7343, PR 4446.
      'traffic-selector': {
        kind: 'node',
        since: '1.5',
        children: {
          local: { kind: 'node', children: { prefix: { kind: 'leaf', multi: true, values: network } } },
          remote: { kind: 'node', children: { prefix: { kind: 'leaf', multi: true, values: network } } },
        },
      },
    },
  },
};

/**
 * `vpn ipsec site-to-site`: vyos-1x vpn_ipsec.xml.in and include/ipsec (1.4 and later), vyatta-cfg-vpn (1.2, 1.3).
 * A peer of 1.2 and 1.3 is named by its address, host name or `@id`; since 1.4 by a word without dots and colons.
 */
export const siteToSite: SchemaNode = {
  kind: 'node',
  children: {
    peer: [
      { kind: 'tag', until: '1.3', values: anyText, children: peer },
      { kind: 'tag', since: '1.4', values: peerName, children: peer },
    ],
  },
};

export const ppkOfConnection = ppk;
export const localSelector = selector;
