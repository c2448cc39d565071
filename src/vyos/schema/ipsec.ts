import { espGroup, ikeGroup, retransmission } from './groups.ts';
import type { SchemaNode } from './node.ts';
import { childless, localSelector, ppkOfConnection, siteToSite } from './peer.ts';
import {
  address,
  addressOrAny,
  between,
  connectionName,
  description,
  flag,
  interfaceName,
  ipv4Only,
  network,
  oneOf,
  onOff,
  port,
  prefix13,
  secret,
  text,
} from './rules.ts';

const SUBSYSTEMS = [
  ...['dmn', 'mgr', 'ike', 'chd', 'job', 'cfg', 'knl', 'net', 'asn', 'enc', 'lib', 'esp'],
  ...['tls', 'tnc', 'imc', 'imv', 'pts', 'any'],
];

/** vyos-1x PR 4198 (T264), Nov 2024; `hex` with PR 4930. */
const secretType: SchemaNode = {
  kind: 'leaf',
  since: '1.5',
  values: oneOf('plaintext', 'base64', 'hex'),
  default: 'plaintext',
};

const authentication: SchemaNode = {
  kind: 'node',
  since: '1.4',
  renamedFrom: 'vpn ipsec site-to-site peer <name> authentication pre-shared-secret',
  children: {
    psk: {
      kind: 'tag',
      children: {
        'dhcp-interface': { kind: 'leaf', multi: true, values: interfaceName },
        id: { kind: 'leaf', multi: true },
        secret,
        'secret-type': secretType,
      },
    },
    // vyos-1x PR 4930 (T8136), 2026.
    ppk: {
      kind: 'tag',
      since: '1.5',
      children: { id: { kind: 'leaf', multi: true }, secret, 'secret-type': secretType },
    },
  },
};

const profile = {
  authentication: {
    kind: 'node',
    children: {
      mode: [
        { kind: 'leaf', until: '1.3', values: oneOf('pre-shared-secret'), default: 'pre-shared-secret' },
        { kind: 'leaf', since: '1.4' },
      ],
      'pre-shared-secret': secret,
    },
  },
  bind: {
    kind: 'node',
    children: {
      tunnel: [
        { kind: 'tag', until: '1.3' },
        { kind: 'leaf', since: '1.4', multi: true },
      ],
    },
  },
  disable: { kind: 'valueless', since: '1.4' },
  'esp-group': text,
  'ike-group': text,
} as const;

const remoteAccess: SchemaNode = {
  kind: 'node',
  since: '1.4',
  children: {
    connection: {
      kind: 'tag',
      values: connectionName,
      children: {
        authentication: {
          kind: 'node',
          children: {
            'client-mode': {
              kind: 'leaf',
              values: oneOf('x509', 'eap-tls', 'eap-mschapv2', 'eap-radius'),
              default: 'eap-mschapv2',
            },
            'eap-id': { kind: 'leaf', values: [{ kind: 'text', longest: 64 }], default: 'any' },
            'local-id': text,
            'local-users': {
              kind: 'node',
              children: { username: { kind: 'tag', children: { disable: flag, password: secret } } },
            },
            ppk: ppkOfConnection,
            'pre-shared-secret': secret,
            'server-mode': { kind: 'leaf', values: oneOf('pre-shared-secret', 'x509'), default: 'x509' },
            x509: {
              kind: 'node',
              children: {
                'ca-certificate': { kind: 'leaf', multi: true },
                certificate: text,
                passphrase: secret,
              },
            },
          },
        },
        bind: { kind: 'leaf', since: '1.5' },
        childless,
        description,
        'dhcp-interface': { kind: 'leaf', values: interfaceName },
        disable: flag,
        'esp-group': text,
        'ike-group': text,
        local: localSelector,
        'local-address': { kind: 'leaf', values: addressOrAny },
        pool: { kind: 'leaf', multi: true },
        'replay-window': { kind: 'leaf', values: between(0, 2040), default: '32' },
        timeout: { kind: 'leaf', values: between(0, 86_400), default: '28800' },
        unique: { kind: 'leaf', values: oneOf('never', 'keep', 'replace') },
      },
    },
    dhcp: {
      kind: 'node',
      children: {
        interface: { kind: 'leaf', values: interfaceName },
        server: { kind: 'leaf', values: ipv4Only },
      },
    },
    pool: {
      kind: 'tag',
      children: {
        exclude: { kind: 'leaf', multi: true, values: network },
        'name-server': { kind: 'leaf', multi: true, values: address },
        prefix: { kind: 'leaf', values: network },
        range: {
          kind: 'node',
          since: '1.5',
          children: { start: { kind: 'leaf', values: address }, stop: { kind: 'leaf', values: address } },
        },
      },
    },
    radius: {
      kind: 'node',
      children: {
        'nas-identifier': text,
        server: {
          kind: 'tag',
          values: ipv4Only,
          children: {
            disable: flag,
            'disable-accounting': flag,
            key: secret,
            port: { kind: 'leaf', values: port, default: '1812' },
          },
        },
        'source-address': { kind: 'leaf', values: ipv4Only },
        timeout: { kind: 'leaf', values: between(1, 240), default: '2' },
      },
    },
  },
};

/**
 * Every node below `vpn ipsec`, 1.2 to 1.5: vyos-1x interface-definitions/vpn_ipsec.xml.in with its includes
 * (sagitta, circinus, current; what is newer than October 2024 names its pull request), vyatta-cfg-vpn
 * templates/vpn/ipsec (crux, equuleus), and vyos-1x ipsec-settings.xml.in of crux and equuleus for `options`.
 */
export const ipsec: SchemaNode = {
  kind: 'node',
  children: {
    authentication,
    'auto-update': { kind: 'leaf', until: '1.3', values: between(30, 65_535) },
    'disable-uniqreqids': flag,
    'esp-group': espGroup,
    'ike-group': ikeGroup,
    'include-ipsec-conf': { kind: 'leaf', until: '1.3' },
    'include-ipsec-secrets': { kind: 'leaf', until: '1.3' },
    interface: {
      kind: 'leaf',
      since: '1.4',
      multi: true,
      values: interfaceName,
      renamedFrom: 'vpn ipsec ipsec-interfaces interface',
    },
    'ipsec-interfaces': {
      kind: 'node',
      until: '1.3',
      renamedTo: 'vpn ipsec interface',
      children: { interface: { kind: 'leaf', until: '1.3', multi: true, renamedTo: 'vpn ipsec interface' } },
    },
    log: {
      kind: 'node',
      since: '1.4',
      renamedFrom: 'vpn ipsec logging',
      children: {
        level: {
          kind: 'leaf',
          since: '1.4',
          values: between(0, 2),
          default: '0',
          renamedFrom: 'vpn ipsec logging log-level',
        },
        subsystem: {
          kind: 'leaf',
          since: '1.4',
          multi: true,
          values: oneOf(...SUBSYSTEMS),
          renamedFrom: 'vpn ipsec logging log-modes',
        },
      },
    },
    logging: {
      kind: 'node',
      until: '1.3',
      renamedTo: 'vpn ipsec log',
      children: {
        'log-level': {
          kind: 'leaf',
          until: '1.3',
          values: between(0, 2),
          default: '1',
          renamedTo: 'vpn ipsec log level',
        },
        'log-modes': {
          kind: 'leaf',
          until: '1.3',
          multi: true,
          values: oneOf(...SUBSYSTEMS),
          renamedTo: 'vpn ipsec log subsystem',
        },
      },
    },
    'nat-networks': {
      kind: 'node',
      until: '1.3',
      children: {
        'allowed-network': {
          kind: 'tag',
          values: prefix13.slice(0, 1),
          placeholder: '<prefix>',
          children: { exclude: { kind: 'leaf', multi: true, values: prefix13.slice(0, 1) } },
        },
      },
    },
    'nat-traversal': { kind: 'leaf', until: '1.3', values: onOff },
    options: {
      kind: 'node',
      children: {
        'disable-route-autoinstall': flag,
        flexvpn: { kind: 'valueless', since: '1.4' },
        interface: { kind: 'leaf', since: '1.4', values: interfaceName },
        retransmission,
        'virtual-ip': { kind: 'valueless', since: '1.4' },
      },
    },
    profile: [
      { kind: 'tag', until: '1.3', children: profile },
      { kind: 'tag', since: '1.4', values: connectionName, children: profile },
    ],
    'remote-access': remoteAccess,
    'site-to-site': siteToSite,
  },
};
