/** The order of a link's findings is that in which its negotiations fail: for each initiator, in both versions of IKE. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readSetDump } from '../../grammar/index.ts';
import type { Failure, Negotiation } from '../../src/ike/outcome.ts';
import type { Finding } from '../../src/lint/finding.ts';
import { type Link, mayCall } from '../../src/pairing/link.ts';
import { patchedPair } from '../../src/rules/example-pair.ts';
import { sourceFile } from '../../src/source/index.ts';
import { readSite } from '../../src/vyos/read-site.ts';
import { type Judged, judge } from '../properties/judge.ts';

const ofA = 'set vpn ipsec site-to-site peer SITE-B';
const ofB = 'set vpn ipsec site-to-site peer SITE-A';

/** What is put wrong, and on which side. */
const faults: Readonly<Record<string, { readonly a?: string; readonly b?: string }>> = {
  'id of A': { b: `${ofB} authentication remote-id 'site-x@example.com'` },
  'id of B': { a: `${ofA} authentication remote-id 'site-y@example.com'` },
  'own id of A': { a: `${ofA} authentication local-id 'site-z@example.com'` },
  psk: { b: "set vpn ipsec authentication psk TUNNEL secret 'another-secret-of-this-example'" },
  'psk lost on A': {
    a: "delete vpn ipsec authentication psk TUNNEL id\nset vpn ipsec authentication psk TUNNEL id 'no.one'",
  },
  'psk lost on B': {
    b: "delete vpn ipsec authentication psk TUNNEL id\nset vpn ipsec authentication psk TUNNEL id 'no.one'",
  },
  'psk of addresses alone': {
    a: "delete vpn ipsec authentication psk TUNNEL id\nset vpn ipsec authentication psk TUNNEL id '198.51.100.1'",
  },
  dh: { b: "set vpn ipsec ike-group IKE-A proposal 1 dh-group '19'" },
  encryption: { b: "set vpn ipsec ike-group IKE-A proposal 1 encryption 'aes128'" },
  'aggressive B': { b: "set vpn ipsec ike-group IKE-A mode 'aggressive'" },
  'IKEv1 on A': { a: "set vpn ipsec ike-group IKE-B key-exchange 'ikev1'" },
  certificate: {
    b: `${ofB} authentication mode 'x509'\n${ofB} authentication x509 certificate 'C'\n${ofB} authentication x509 ca-certificate 'CA'`,
  },
  'ppk of A alone': {
    a: `set vpn ipsec authentication ppk Q id 'q-1'\nset vpn ipsec authentication ppk Q secret 'an-example-of-a-quantum-key'\n${ofA} authentication ppk id 'q-1'\n${ofA} authentication ppk required`,
  },
  ppk: {
    a: `set vpn ipsec authentication ppk Q id 'q-1'\nset vpn ipsec authentication ppk Q secret 'an-example-of-a-quantum-key'\n${ofA} authentication ppk id 'q-1'`,
    b: `set vpn ipsec authentication ppk Q id 'q-1'\nset vpn ipsec authentication ppk Q secret 'another-example-quantum-key'\n${ofB} authentication ppk id 'q-1'`,
  },
  childless: { b: `${ofB} childless 'force'` },
  'childless, never': { a: `${ofA} childless 'never'`, b: `${ofB} childless 'force'` },
  esp: { b: "set vpn ipsec esp-group ESP-A proposal 1 encryption 'aes128'" },
  pfs: { b: "set vpn ipsec esp-group ESP-A pfs 'dh-group20'" },
  'esp mode': { b: "set vpn ipsec esp-group ESP-A mode 'transport'" },
  prefix: {
    b: `delete ${ofB.slice(4)} tunnel 1 remote prefix\n${ofB} tunnel 1 remote prefix '10.9.0.0/24'`,
  },
  'address of A': { b: `${ofB} remote-address '203.0.113.77'` },
  'address of B': { a: `${ofA} remote-address '198.51.100.77'` },
  'firewall of A': { a: "set firewall ipv4 input filter default-action 'drop'" },
  'firewall of B': { b: "set firewall ipv4 input filter default-action 'drop'" },
};
const kinds = Object.keys(faults);

type Version = 'ikev1' | 'ikev2';

/** The pair of the rules' examples, in which both sides call, with the faults. */
function pairWith(version: Version, chosen: readonly string[]): Judged {
  const both = (group: string, peer: string) =>
    `set vpn ipsec ike-group ${group} key-exchange '${version}'\nset vpn ipsec site-to-site peer ${peer} connection-type 'initiate'`;
  const patch = (side: 'a' | 'b', start: string) =>
    `${[start, ...chosen.flatMap((kind) => faults[kind]?.[side] ?? [])].join('\n')}\n`;
  const texts = patchedPair({
    a: patch('a', both('IKE-B', 'SITE-B')),
    b: patch('b', both('IKE-A', 'SITE-A')),
  });
  const site = (side: 'a' | 'b') => readSite(side, readSetDump(sourceFile(`${side}.conf`, texts[side])));
  return judge(site('a'), site('b'));
}

type Explains = (failure: Failure, initiator: 'a' | 'b', finding: Finding) => boolean;

const of =
  (...reasons: readonly Failure['reason'][]): Explains =>
  ({ reason }) =>
    reasons.includes(reason);

/** Whose the finding is: the site of its first place. */
const owner = ({ locations: [{ site }] }: Finding) => (site === 0 ? 'a' : 'b');
const other = (side: 'a' | 'b') => (side === 'a' ? 'b' : 'a');
const dropped =
  (port: number): Explains =>
  ({ detail }, initiator, finding) =>
    detail?.dropped?.arrival.port === port &&
    (detail.dropped.by === 'initiator' ? initiator : other(initiator)) === owner(finding);

/** Which failures each rule explains, told here anew. */
const explains: Readonly<Record<string, Explains>> = {
  'ike-encryption-mismatch': of('no-ike-proposal'),
  'ike-dh-group-mismatch': of('no-ike-proposal'),
  'aggressive-mode-refused': of('aggressive-psk-refused'),
  'ike-mode-mismatch': of('mode-mismatch'),
  'authentication-mode-mismatch': of('auth-method'),
  'psk-mismatch': of('psk-mismatch'),
  'psk-missing': ({ reason, detectedBy }, initiator, finding) =>
    reason === 'no-psk' && (detectedBy === 'initiator' ? initiator : other(initiator)) === owner(finding),
  'peer-id-mismatch': of('no-peer-config', 'id-mismatch'),
  'childless-mismatch': of('childless'),
  'esp-encryption-mismatch': of('no-child-proposal'),
  'traffic-selectors-disjoint': of('no-matching-ts'),
  'firewall-drops-ike': dropped(500),
  'firewall-drops-nat-t': dropped(4500),
};

/** All that fails in a negotiation, in its order. */
function recordOf({ result, hidden, afterwards }: Negotiation): readonly Failure[] {
  return [
    ...(result.outcome === 'failed' ? [result] : []),
    ...hidden,
    ...afterwards.map(({ failure }) => failure),
  ];
}

/** Where a negotiation first meets what a finding explains; undefined where it does not. */
function placeIn(negotiation: Negotiation, finding: Finding): number | undefined {
  if (!finding.initiators.includes(negotiation.initiator)) return undefined;
  const place = recordOf(negotiation).findIndex((failure) =>
    explains[finding.ruleId]?.(failure, negotiation.initiator, finding),
  );
  return place < 0 ? undefined : place;
}

const mayBegin = ({ a, b }: Link, { initiator, child }: Negotiation) =>
  mayCall(initiator === 'a' ? a : b, child);

/** What is not in the order of the records, as sentences. */
function disorder({ network, report }: Judged): readonly string[] {
  return network.links.flatMap((link, index) => {
    const findings = report.findings.filter((each) => each.link === index && explains[each.ruleId]);
    const begun = link.negotiations.filter((each) => mayBegin(link, each));
    return findings.flatMap((one, at) => [
      ...findings.slice(at + 1).flatMap((later) => {
        const signs = begun.flatMap((each) => {
          const [x, y] = [placeIn(each, one), placeIn(each, later)];
          return x === undefined || y === undefined ? [] : [Math.sign(x - y)];
        });
        const wrong = signs.includes(1) && !signs.includes(-1);
        return wrong ? [`${one.ruleId} stands before ${later.ruleId}`] : [];
      }),
      ...misplaced(one, link, report.findings),
      ...unseen(one, link),
    ]);
  });
}

/** `hiddenBehind` holds exactly where each negotiation in which the finding bites fails before, by a finding that does. */
function misplaced(finding: Finding, link: Link, all: readonly Finding[]): readonly string[] {
  const places = link.negotiations.flatMap((each) => {
    const place = placeIn(each, finding);
    return place === undefined ? [] : [{ each, place }];
  });
  const hiding = finding.hiddenBehind === null ? undefined : all[finding.hiddenBehind];
  const seenFirst = places.some(({ place }) => place === 0);
  if (seenFirst && hiding)
    return [`${finding.ruleId} is seen at once, and is said to hide behind ${hiding.ruleId}`];
  if (!seenFirst && !hiding) return [`${finding.ruleId} is never seen at once, and hides behind nothing`];
  if (!hiding || !explains[hiding.ruleId]) return [];
  const earlier = places.some(({ each, place }) => (placeIn(each, hiding) ?? place) < place);
  return earlier ? [] : [`${finding.ruleId} does not come behind ${hiding.ruleId}`];
}

const exchanges = [
  'IKE_SA_INIT',
  'IKE_AUTH',
  'CREATE_CHILD_SA',
  'MAIN_MODE',
  'AGGRESSIVE_MODE',
  'QUICK_MODE',
];

/** The log and the exchange of a finding are those of a failure that it explains, and no sentence names another. */
function unseen(finding: Finding, { negotiations }: Link): readonly string[] {
  const failures = negotiations.flatMap((each) =>
    finding.initiators.includes(each.initiator)
      ? recordOf(each).flatMap((failure) =>
          explains[finding.ruleId]?.(failure, each.initiator, finding) ? [{ failure, each }] : [],
        )
      : [],
  );
  const logged = failures.some(({ failure: { log, exchange }, each: { initiator } }) => {
    const [a, b] = initiator === 'a' ? [log.initiator, log.responder] : [log.responder, log.initiator];
    return JSON.stringify([finding.log, finding.exchange]) === JSON.stringify([{ a, b }, exchange]);
  });
  const versions = new Set(failures.map(({ each }) => each.ikeVersion));
  const foreign = exchanges.filter(
    (name, at) => finding.consequence.includes(name) && !versions.has(at < 3 ? 2 : 1),
  );
  return [
    ...(logged ? [] : [`${finding.ruleId} shows a log that nobody writes`]),
    ...foreign.map((name) => `${finding.ruleId} speaks of ${name}`),
  ];
}

const rulesOf = ({ report }: Judged) =>
  report.findings.flatMap(({ ruleId, link }) => (link !== null && explains[ruleId] ? [ruleId] : []));

describe.each([
  ['ikev2', ['id of A', 'psk'], ['peer-id-mismatch', 'psk-mismatch']],
  ['ikev1', ['id of A', 'psk'], ['psk-mismatch', 'peer-id-mismatch']],
  ['ikev2', ['dh', 'id of A'], ['ike-dh-group-mismatch', 'peer-id-mismatch']],
  ['ikev2', ['psk', 'prefix'], ['psk-mismatch', 'traffic-selectors-disjoint']],
  ['ikev2', ['esp', 'prefix'], ['traffic-selectors-disjoint', 'esp-encryption-mismatch']],
  ['ikev1', ['esp', 'prefix'], ['traffic-selectors-disjoint', 'esp-encryption-mismatch']],
  ['ikev1', ['aggressive B', 'psk'], ['aggressive-mode-refused', 'psk-mismatch', 'ike-mode-mismatch']],
  ['ikev2', ['firewall of B', 'dh'], ['firewall-drops-ike', 'ike-dh-group-mismatch', 'firewall-drops-nat-t']],
] as const)('%s with %j', (version, chosen, expected) => {
  test('the findings stand in the order of the exchanges', () => {
    expect(rulesOf(pairWith(version, chosen))).toEqual(expected);
  });
});

test('behind a wrong identity the log is the one that comes once it is right', () => {
  const { report } = pairWith('ikev2', ['id of A', 'psk']);
  const [first, second] = report.findings;
  expect(first).toMatchObject({ ruleId: 'peer-id-mismatch', hiddenBehind: null });
  expect(first?.consequence).toMatch(/The responder checks the identity before the secret\.$/);
  expect(second).toMatchObject({ ruleId: 'psk-mismatch', hiddenBehind: 0 });
  expect(second?.log.b).toEqual([
    "tried 1 shared key for 'site-b@example.com' - 'site-a@example.com', but MAC mismatched",
  ]);
});

describe.each(['ikev1', 'ikev2'] as const)('%s', (version) => {
  test.each(kinds.flatMap((one, at) => kinds.slice(at + 1).map((two) => [one, two] as const)))(
    '%s and %s stand in the order of the records',
    (one, two) => {
      expect(disorder(pairWith(version, [one, two]))).toEqual([]);
    },
  );

  test('and so do any three', () => {
    fc.assert(
      fc.property(fc.subarray(kinds, { minLength: 3, maxLength: 4 }), (chosen) => {
        expect(disorder(pairWith(version, chosen))).toEqual([]);
      }),
      { numRuns: 150, seed: 20 },
    );
  });
});
