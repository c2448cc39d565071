import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { exampleLog, rulesThatLog } from '../../src/explain/log-line.ts';
import { type Subject, subjectsOf } from '../../src/explain/subject.ts';
import { symptoms } from '../../src/explain/symptoms.ts';
import { lint } from '../../src/index.ts';
import { rules } from '../../src/rules/index.ts';

function idsOf(subject: Subject): readonly string[] {
  switch (subject.kind) {
    case 'rule':
      return [subject.rule.id];
    case 'notify':
      return subject.rules.map(({ id }) => id);
    case 'log':
      return subject.found.map(({ rule }) => rule.id);
  }
}

const ask = (...words: readonly string[]) => subjectsOf(words, rules, lint);

function asked(...words: readonly string[]) {
  const answer = ask(...words);
  return answer.kind === 'found'
    ? answer.subjects.map((subject) => [
        subject.kind === 'notify' ? subject.notify : subject.kind,
        ...idsOf(subject),
      ])
    : answer;
}

describe('a rule', () => {
  test.each(['pfs-mismatch', 'PFS-Mismatch', ' pfs-mismatch ', 'error[pfs-mismatch]'])('%j', (word) => {
    expect(asked(word)).toEqual([['rule', 'pfs-mismatch']]);
  });

  test('several, in the order in which they are asked for', () => {
    expect(asked('psk-missing', 'pfs-mismatch')).toEqual([
      ['rule', 'psk-missing'],
      ['rule', 'pfs-mismatch'],
    ]);
  });

  test.each([
    [['pfs-mismtch'], ['pfs-mismtch']],
    [['pfs-mismatch', 'nonsense'], ['nonsense']],
    [[''], ['']],
    [['99'], ['99']],
  ])('%j is not known', (words, unknown) => {
    expect(asked(...words)).toEqual({ kind: 'unknown', words: unknown });
  });
});

test('a rule, an IKE error and a line of the log in one question', () => {
  expect(asked('pfs-mismatch', '38', 'no shared key found')).toEqual([
    ['rule', 'pfs-mismatch'],
    expect.arrayContaining(['TS_UNACCEPTABLE']),
    ['log', 'psk-missing'],
  ]);
});

test.each([
  // A rule's name is no part of a line of a log.
  [['pfs-mismatch', 'the moon is a cheese'], ['the moon is a cheese']],
  [['nonsense', 'no shared key found'], ['nonsense']],
])('%j is not known as a whole', (words, unknown) => {
  const answer = ask(...words);
  expect(answer.kind === 'unknown' ? answer.words : asked(...words)).toEqual(unknown);
});

describe('an IKE error', () => {
  test.each(['TS_UNACCEPTABLE', 'ts_unacceptable', '38', 'TS_UNACCEPT', 'N(TS_UNACCEPT)'])('%j', (word) => {
    const [[notify, ...ids] = []] = asked(word) as readonly (readonly string[])[];
    expect(notify).toBe('TS_UNACCEPTABLE');
    expect(ids).toEqual(
      expect.arrayContaining(rules.filter((rule) => rule.notify === notify).map(({ id }) => id)),
    );
  });

  test('what IKEv1 calls the same fault leads to the same rules', () => {
    expect(asked('INVALID_ID_INFORMATION')).toEqual([
      expect.arrayContaining(['INVALID_ID_INFORMATION', 'traffic-selectors-disjoint']),
    ]);
  });

  test('every rule that has one is found by it', () => {
    for (const { id, notify } of rules) {
      if (notify !== null) expect(asked(notify)).toEqual([expect.arrayContaining([notify, id])]);
    }
  });

  test.each([
    ['parsed IKE_SA_INIT response 0 [ N(NO_PROP) ]', 'NO_PROPOSAL_CHOSEN'],
    ['the peer sent AUTHENTICATION_FAILED', 'AUTHENTICATION_FAILED'],
  ])('is found in %j', (line, notify) => {
    expect(asked(line)).toEqual([expect.arrayContaining([notify])]);
  });
});

describe('a line of the log', () => {
  const ids = (line: string) => rulesThatLog(line, rules, lint).map(({ rule }) => rule.id);

  test.each([
    ['no IKE config found', ['connection-not-loaded', 'peer-address-mismatch', 'ike-version-mismatch']],
    [
      'no IKE config found for 192.0.2.1...2001:db8::1, sending NO_PROPOSAL_CHOSEN',
      ['connection-not-loaded', 'peer-address-mismatch', 'ike-version-mismatch'],
    ],
    ["IDir 'moon' does not match to 'sun'", ['peer-id-mismatch']],
    ["no shared key found for 'moon' - 'sun'", ['psk-missing']],
    ["tried 1 shared key for 'moon' - 'sun', but MAC mismatched", ['psk-mismatch']],
    ['no matching CHILD_SA config found', ['traffic-selectors-disjoint']],
  ])('%j', (line, expected) => {
    const found = ids(line);
    expect(found).toEqual(expect.arrayContaining(expected));
    expect(found.length).toBeLessThan(6);
  });

  /** What users found in their logs or read at a commit, and what it came of (docs/coverage.md). */
  test.each([
    ['received proposals: IKE:AES_CBC_256/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_2048', 'ike-encryption-mismatch'],
    ['configured proposals: ESP:AES_CBC_128/HMAC_SHA1_96/MODP_2048/NO_EXT_SEQ', 'pfs-mismatch'],
    ['a PRF algorithm is mandatory in IKE proposals', 'commit-refused'],
    ['received lifetime 3600s does not match configured lifetime 28800s', 'ike-lifetime-mismatch'],
    ['received 3600s lifetime, configured 28800s', 'esp-lifetime-mismatch'],
    ['retransmit 1 of request with message ID 0', 'firewall-drops-ike'],
    ['giving up after 5 retransmits', 'no-route-to-peer'],
    ['received packet from 192.0.2.1[500] to 192.0.2.2[500] on ignored interface', 'ipsec-interface-unfit'],
    ['received PAYLOAD_MALFORMED error notify', 'psk-mismatch'],
    ["constraint check failed: identity 'sun' required", 'peer-id-mismatch'],
    [
      "constraint check failed: identity 'sun' (FQDN) required, not matched by 'x' (IPV4_ADDR)",
      'peer-id-mismatch',
    ],
    ['remote id match: 0 (ID_KEY_ID: 67:6c:73:6d:69:74:68)', 'peer-id-mismatch'],
    [
      'received pre-shared key authentication, but configured RSA signature, continue with configured',
      'authentication-mode-mismatch',
    ],
    ['IDr payload missing', 'psk-mismatch'],
    ['CHILD_SA rekeying failed, trying again in 13 seconds', 'pfs-mismatch'],
    [
      "schedule delete of duplicate IKE_SA for peer 'sun' due to uniqueness policy and suspected reauthentication",
      'both-sides-restart',
    ],
    ['not establishing CHILD_SA one{4} due to existing duplicate {1} with SPIs', 'both-sides-restart'],
    ['detected CHILD_REKEY collision with CHILD_REKEY', 'ikev1-used'],
    ['detected rekey collision for CHILD_SA x{3}', 'ikev1-used'],
    ['installing trap failed, remote address unknown', 'peer-address-any'],
    [
      'unable to install policy 10.0.0.0/24 === 10.1.0.0/24 out for reqid 2, the same policy for reqid 1 exists',
      'duplicate-policy',
    ],
    ['not using transport mode, not host-to-host', 'esp-mode-mismatch'],
    ['Message too long [errno 90, origin ICMP type 3 code 4]', 'vti-mtu-unset'],
    ['Incorrect peer name "203.0.113.2"', 'other-release'],
    ['Both Vti and tunnel(s) configured', 'vti-beside-tunnel'],
    ['Missing ike-group on site-to-site peer SITE-B', 'commit-refused'],
    ['Authentication psk "SITE-B" missing "id" or "secret"', 'commit-refused'],
    ['Invalid esp-group on site-to-site peer SITE-B', 'undefined-group'],
  ])('%j is a symptom', (line, expected) => {
    expect(ids(line)).toContain(expected);
    expect(ids(`07[IKE] <SITE-B|1> ${line}`)).toEqual(ids(line));
  });

  test('every symptom is one of rules that are there', () => {
    const known: readonly string[] = rules.map(({ id }) => id);
    for (const symptom of symptoms) expect(known).toEqual(expect.arrayContaining([...symptom.rules]));
  });

  test('what a log puts before it changes nothing', () => {
    const line = 'no IKE config found for 192.0.2.1...192.0.2.2, sending NO_PROPOSAL_CHOSEN';
    const prefixes = [
      'Nov 24 14:17:24 vyos charon-systemd[811]: 07[IKE] <SITE-B|1> ',
      '07[IKE] <3> ',
      '[IKE] ',
      '12:00 charon: ',
    ];
    expect(ids(line).length).toBeGreaterThan(0);
    for (const prefix of prefixes) expect(ids(prefix + line)).toEqual(ids(line));
  });

  test.each(['', 'failed', 'no found', 'hello there old friend', "'a b c d'"])('%j is none', (line) => {
    expect(ids(line)).toEqual([]);
  });

  test('it need not be quoted', () => {
    expect(asked('no', 'IKE', 'config', 'found')).toEqual(asked('no IKE config found'));
  });

  test('every line of an example leads to its rule', () => {
    const logs = rules.map((rule) => ({ rule, lines: exampleLog(rule, lint) }));
    const all = [...new Set(logs.flatMap(({ lines }) => lines))];
    expect(all.length).toBeGreaterThan(30);
    for (const line of all) {
      const found = rulesThatLog(line, rules, lint).map(({ rule }) => rule);
      const having = logs.filter(({ lines }) => lines.includes(line)).map(({ rule }) => rule);
      // One that has not three words of charon's own is too short to say anything.
      if (found.length > 0) expect(found).toEqual(expect.arrayContaining(having));
    }
  });

  /** Said in the course of a negotiation that goes on: when charon compares proposals, and when it asks for another group. */
  const passing = /^(?:no acceptable [A-Z_]+ found|peer didn't accept DH group|DH group \S+ unacceptable)/;

  test('every line of a failure that real daemons logged leads to a rule', () => {
    const observed = readFileSync('fixtures/observed/pairs.jsonl', 'utf8').trim().split('\n');
    const lines = observed.flatMap((pair) => {
      const { observed: seen } = JSON.parse(pair) as {
        observed: { log?: { initiator: string[]; responder: string[] } }[];
      };
      return seen.flatMap(({ log }) => [...(log?.initiator ?? []), ...(log?.responder ?? [])]);
    });
    const distinct = new Map(lines.map((line) => [line.replaceAll(/'[^']*'|[\d.:/]+/g, '#'), line]));
    expect(distinct.size).toBeGreaterThan(30);
    const lost = [...distinct.values()].filter((line) => !passing.test(line) && ids(line).length === 0);
    expect(lost).toEqual([]);
  });
});

test('any words get an answer', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 4 }), (words) => {
      const answer = ask(...words);
      if (answer.kind === 'unknown') {
        expect(answer.words.length).toBeGreaterThan(0);
        expect(words).toEqual(expect.arrayContaining([...answer.words]));
      }
    }),
    { seed: 4, numRuns: 200 },
  );
});
