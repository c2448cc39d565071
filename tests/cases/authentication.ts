import { type CoverageCase, ikev1, olderSite, patched } from './case.ts';

const noPeerConfig = [
  'looking for peer configs matching',
  'no matching peer config found',
  'received AUTHENTICATION_FAILED notify error',
];

/** A secret of two kinds of characters, each spelled anew in each test that needs another one. */
const otherSecret = 'pM4xT9vKc2ZrW8sLq6YhB3nD';
const sameBytes = 'Vh7-rQ2-example-key-Zp94';

/** Secrets, and the identities that they are looked up by. */
export const authentication: readonly CoverageCase[] = [
  {
    number: 17,
    title: 'IKEv2',
    sites: patched({ b: [`set $psk secret '${otherSecret}'`] }),
    finds: ['error psk-mismatch'],
    notify: 'AUTHENTICATION_FAILED',
    logs: ['tried 1 shared key for', 'but MAC mismatched', 'received AUTHENTICATION_FAILED notify error'],
  },
  {
    number: 18,
    title: 'IKEv1',
    sites: patched(ikev1, { b: [`set $psk secret '${otherSecret}'`] }),
    finds: ['error psk-mismatch'],
    logs: ['decryption failed?', 'could not decrypt payloads', 'message parsing failed'],
  },
  {
    number: 19,
    title: 'no psk of B names A or B',
    sites: patched({ b: ['delete $psk id', "set $psk id '192.0.2.77'", "set $psk id '192.0.2.78'"] }),
    finds: ['error psk-missing'],
    notify: 'AUTHENTICATION_FAILED',
    logs: ['no shared key found for', 'received AUTHENTICATION_FAILED notify error'],
  },
  {
    number: 19,
    title: 'B by itself',
    sites: patched({
      b: ['delete $psk id', "set $psk id '192.0.2.77'", "set $psk id '192.0.2.78'"],
    }).slice(1),
    finds: ['error psk-not-found'],
  },
  {
    number: 20,
    title: 'two psks fit equally well',
    sites: patched({
      b: [
        "set vpn ipsec authentication psk WAN2 id 'site-a@example.com'",
        "set vpn ipsec authentication psk WAN2 id 'site-b@example.com'",
        `set vpn ipsec authentication psk WAN2 secret '${otherSecret}'`,
        `delete $psk id 'site-a@example.com'`,
        "set $psk id '192.0.2.77'",
      ],
    }),
    finds: ['error psk-mismatch'],
    notify: 'AUTHENTICATION_FAILED',
  },
  {
    number: 20,
    title: 'two psks share the local id, each names its remote one',
    sites: patched({
      b: [
        "set vpn ipsec authentication psk WAN2 id 'site-c@example.com'",
        "set vpn ipsec authentication psk WAN2 id 'site-b@example.com'",
        `set vpn ipsec authentication psk WAN2 secret '${otherSecret}'`,
      ],
    }),
    finds: [],
    only: true,
  },
  {
    number: 21,
    title: '1.3 expects the address where it has no remote-id',
    sites: [olderSite('a', '1.3'), olderSite('b', '1.3', { without: (line) => line.includes('remote-id') })],
    finds: ['error peer-id-mismatch'],
    notify: 'AUTHENTICATION_FAILED',
  },
  {
    number: 21,
    title: '1.4 expects anything where it has no remote-id',
    sites: patched({ b: ['delete $peer authentication remote-id'] }),
    finds: [],
    only: true,
  },
  {
    number: 22,
    title: 'B presents its private address',
    sites: patched({
      a: [
        "set $peer authentication remote-id '198.51.100.1'",
        "set $psk id '198.51.100.1'",
        "set $psk id '10.10.10.225'",
      ],
      b: [
        "set $peer local-address '10.10.10.225'",
        'delete $peer authentication local-id',
        "set $psk id '10.10.10.225'",
        "set $peer connection-type 'initiate'",
      ],
    }),
    finds: ['error peer-id-mismatch', 'info nat-assumed'],
    notify: 'AUTHENTICATION_FAILED',
  },
  {
    number: 23,
    title: 'B presents an FQDN, A expects its address',
    sites: patched({
      a: ["set $peer authentication remote-id '198.51.100.1'", "set $psk id '198.51.100.1'"],
      b: ["set $peer authentication local-id 'fw.example.com'", "set $psk id 'fw.example.com'"],
    }),
    finds: ['error peer-id-mismatch'],
    notify: 'AUTHENTICATION_FAILED',
    logs: noPeerConfig,
  },
  {
    number: 24,
    title: 'A expects LEFT, B has no local-id and calls',
    sites: patched({
      a: ["set $peer authentication remote-id 'LEFT'", "set $psk id 'LEFT'"],
      b: [
        'delete $peer authentication local-id',
        "set $psk id '198.51.100.1'",
        "set $peer connection-type 'initiate'",
      ],
    }),
    finds: ['error peer-id-mismatch'],
    notify: 'AUTHENTICATION_FAILED',
    logs: noPeerConfig,
  },
  {
    number: 25,
    title: 'IKEv1',
    sites: patched(ikev1, {
      a: ["set $peer authentication remote-id '198.51.100.99'", "set $psk id '198.51.100.99'"],
    }),
    finds: ['error peer-id-mismatch'],
    logs: ['does not match to'],
  },
  {
    number: 26,
    title: 'KEY_ID and FQDN with the same characters',
    sites: patched({
      a: ["set $peer authentication remote-id 'glsmith'", "set $psk id 'glsmith'"],
      b: ["set $peer authentication local-id '@#676c736d697468'", "set $psk id '@#676c736d697468'"],
    }),
    finds: ['error peer-id-mismatch'],
    notify: 'AUTHENTICATION_FAILED',
    logs: noPeerConfig,
  },
  ...['********', 'xxxxxx'].map(
    (mask): CoverageCase => ({
      number: 27,
      title: `the secret of A is ${mask}`,
      sites: patched({ a: [`set $psk secret '${mask}'`] }),
      finds: ['info value-masked', 'info not-judged'],
      only: true,
    }),
  ),
  {
    number: 28,
    title: 'base64 of the same bytes',
    sites: patched({
      a: [`set $psk secret '${Buffer.from(sameBytes).toString('base64')}'`, "set $psk secret-type 'base64'"],
      b: [`set $psk secret '${sameBytes}'`],
    }).map((input) => ({ ...input, release: '1.5' })),
    finds: [],
    only: true,
  },
  {
    number: 28,
    title: 'base64, and nothing says so',
    sites: patched({
      a: [`set $psk secret '${Buffer.from(sameBytes).toString('base64')}'`],
      b: [`set $psk secret '${sameBytes}'`],
    }),
    finds: ['error psk-mismatch'],
    notify: 'AUTHENTICATION_FAILED',
  },
  ...['0x6b65792d6f662d6f6e652d72656c65617365', '0sa2V5LW9mLW9uZS1yZWxlYXNlLW9ubHk='].map(
    (secret): CoverageCase => ({
      number: 29,
      title: `${secret.slice(0, 2)} in 1.3 and in 1.4`,
      sites: [
        olderSite('a', '1.3', {
          more: [
            `set $peer authentication pre-shared-secret '${secret}'`,
            "set $peer authentication id 'site-a@example.com'",
            "set $peer authentication remote-id 'site-b@example.com'",
          ],
        }),
        { ...patched({ b: [`set $psk secret '${secret}'`] })[1], release: '1.4' },
      ],
      finds: ['error psk-mismatch'],
      notify: 'AUTHENTICATION_FAILED',
    }),
  ),
  {
    number: 31,
    title: 'rsa against a secret',
    sites: patched({
      b: [
        "set $peer authentication mode 'rsa'",
        "set $peer authentication rsa local-key 'SITE-B'",
        "set $peer authentication rsa remote-key 'SITE-A'",
      ],
    }),
    finds: ['error authentication-mode-mismatch'],
  },
  {
    number: 33,
    title: 'remote-id any',
    sites: patched({ b: ["set $peer authentication remote-id 'any'", "set $psk id 'any'"] }),
    finds: ['error peer-id-mismatch'],
    notify: 'AUTHENTICATION_FAILED',
    logs: noPeerConfig,
  },
];
