import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Negotiation } from '../../src/ike/outcome.ts';
import type { Finding } from '../../src/lint/finding.ts';
import type { Report } from '../../src/lint/report.ts';
import { renderPretty } from '../../src/report/pretty.ts';
import { sourceFile } from '../../src/source/index.ts';
import { anyReport } from './arbitrary.ts';
import * as sample from './sample.ts';

const { a, b, pairing } = sample.clean.links[0] as Report['links'][number];

function pretty(report: Report, width = 100): string {
  return renderPretty(report, { color: false, width });
}

function of(finding: Partial<Finding>): Report {
  return sample.report({ findings: [{ ...sample.dhGroup, ...finding }] });
}

function linkOf(...negotiations: readonly Negotiation[]): Report {
  return { ...sample.clean, links: [{ a, b, pairing, negotiations }] };
}

describe('a finding', () => {
  test('shows both sides, what comes of it and what mends it', () => {
    expect(pretty(sample.report())).toBe(`┌ siteA  peer SITE-B  siteA.conf  VyOS 1.4
└ siteB  peer SITE-A  siteB.conf  VyOS 1.4

error[ike-dh-group-mismatch] No common Diffie-Hellman group: A offers 14, B accepts 2
  IKE_SA_INIT → NO_PROPOSAL_CHOSEN, whichever side initiates

  siteA.conf:6:56
  6 │ set vpn ipsec ike-group IKE-SITE-B proposal 1 dh-group '14'
    │                                                        ~~~~ group 14, MODP_2048
  siteB.conf:4:1
  4 │ set vpn ipsec ike-group IKE-SITE-A proposal 1 encryption 'aes256'
    │ ............................................. not set: default 2, MODP_1024

  What happens             No IKE_SA comes about, so no traffic passes in either direction; charon
                           retries with every packet that asks for the tunnel, and fails each time.
  Log of siteA, initiator  received NO_PROPOSAL_CHOSEN notify error
  Log of siteB, responder  received proposals unacceptable
  Fix on siteB             set vpn ipsec ike-group IKE-SITE-A proposal 1 dh-group '14'
  or on siteA              set vpn ipsec ike-group IKE-SITE-B proposal 1 dh-group '2'

Forecast
  siteA initiates tunnel-1: fails in IKE_SA_INIT, NO_PROPOSAL_CHOSEN (no common IKE proposal)
  siteB initiates tunnel-1: fails in IKE_SA_INIT, NO_PROPOSAL_CHOSEN (no common IKE proposal)

error  siteA ⇄ siteB  siteA.conf:6  No common Diffie-Hellman group: A offers 14, B accepts 2
1 error in 1 link
`);
  });

  test.each<readonly [string, Report, string]>([
    ['the one direction in which it bites', of({ initiators: ['b'] }), 'CHOSEN, when siteB initiates\n'],
    ['roles by the first caller', of({ initiators: ['b'] }), '  Log of siteB, initiator  received proposals'],
    ['no roles where nobody calls', of({ initiators: [] }), '  Log of siteA  received NO_PROPOSAL'],
    [
      'what hides it',
      sample.report({ findings: [sample.dhGroup, sample.psk] }),
      '\n  Shows up once ike-dh-group-mismatch above is mended',
    ],
    [
      'a masked key',
      of({ locations: sample.psk.locations }),
      "psk SITE-B secret '********'\n    │                                                 ~~~~~~~~ this key\n",
    ],
    [
      'each command on its own line',
      of({ fix: [{ site: 0, commands: ['set x', 'commit'] }] }),
      '  Fix on siteA             set x\n                           commit\n',
    ],
    [
      'the path where the line does not tell it',
      {
        ...of({
          locations: [sample.location(0, sample.siteA, "'14'", { path: ['vpn', 'ipsec', 'dh-group'] })],
        }),
        sites: [{ ...sample.siteA, notation: 'config-boot' }, sample.siteB],
      },
      '\n  siteA.conf:6:56  vpn ipsec dh-group\n',
    ],
    [
      'two places of one line in one frame',
      of({
        locations: [
          sample.location(0, sample.siteA, "'14'", { label: 'this' }),
          sample.location(0, sample.siteA, 'proposal 1', { label: 'of this', origin: 'derived' }),
        ],
      }),
      "dh-group '14'\n    │                                                        ~~~~ this\n    │                                    ---------- of this\n\n",
    ],
    [
      'its site where it has no link',
      sample.report({ findings: [{ ...sample.pfs, severity: 'error' }] }),
      'siteA  siteA.conf  VyOS 1.4\n\nerror[site-lifetime] ESP group ESP-SITE-B has no lifetime: VyOS sets 3600\n\n  siteA.conf:8:25\n',
    ],
  ])('shows %s', (_, report, text) => {
    expect(pretty(report)).toContain(text);
  });

  test('never breaks a command, however narrow it gets', () => {
    expect(pretty(sample.report(), 40)).toContain(
      "\n    set vpn ipsec ike-group IKE-SITE-A proposal 1 dh-group '14'\n",
    );
  });
});

describe('the rule, where the terminal makes links', () => {
  const linked = (of: Report, width = 100): string =>
    renderPretty(of, { color: false, width, hyperlinks: true });
  const link = /\p{Cc}\]8;;[^\p{Cc}]*\p{Cc}\\/gu;

  test('leads to its page', () => {
    expect(linked(sample.report())).toContain(
      `\u001b]8;;${sample.dhGroupRule.page}\u001b\\error[ike-dh-group-mismatch]\u001b]8;;\u001b\\ No common`,
    );
  });

  test('leads nowhere where its page is no address of the web', () => {
    for (const page of [
      '',
      'javascript:alert(1)',
      'https://example.com/\u001b\\x',
      'https://example.com/a b',
    ]) {
      const rules = [{ ...sample.dhGroupRule, page }];
      expect(linked(sample.report({ rules }))).toBe(pretty(sample.report({ rules })));
    }
  });

  test('takes no cell more, in any report', () => {
    fc.assert(
      fc.property(anyReport, fc.integer({ min: 40, max: 200 }), (report, width) => {
        const [rule] = sample.report().rules;
        const rules = report.findings.map(({ ruleId }) => ({
          ...(rule as Report['rules'][number]),
          id: ruleId,
        }));
        const text = linked({ ...report, rules }, width);
        expect(text.replace(link, '')).toBe(pretty({ ...report, rules }, width));
      }),
    );
  });
});

describe('a link without findings', () => {
  test('shows what will be negotiated, once', () => {
    expect(pretty(sample.clean)).toBe(`┌ siteA  peer SITE-B  siteA.conf  VyOS 1.4
└ siteB  peer SITE-A  siteB.conf  VyOS 1.4
  ✔ No mismatch: comes up whichever side initiates
  Checked           siteA as initiator of 1 child, siteB as initiator of 1 child, and the rekeys
                    that each side starts
  IKEv2             AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048
  tunnel-1 ESP      AES_CBC_256/HMAC_SHA2_256_128/NO_EXT_SEQ
  tunnel-1 traffic  siteA 10.1.0.0/24 ⇄ siteB 10.2.0.0/24
  tunnel-1 rekey    AES_CBC_256/HMAC_SHA2_256_128/MODP_2048/NO_EXT_SEQ

no findings in 1 link
`);
  });

  test.each<readonly [string, Report, RegExp]>([
    [
      'each direction where they differ',
      linkOf(
        sample.negotiation('a', sample.established),
        sample.negotiation('b', { ...sample.mirrored, espProposal: 'AES_GCM_16_256/NO_EXT_SEQ' }),
      ),
      /tunnel-1 ESP, siteA initiates {2}AES_CBC.*\n {2}tunnel-1 ESP, siteB initiates {2}AES_GCM.*\n {2}tunnel-1 traffic {15}siteA 10/,
    ],
    [
      'the one direction there is',
      linkOf(sample.negotiation('a', sample.established)),
      /comes up when siteA initiates/,
    ],
    [
      'the detour',
      linkOf(sample.negotiation('a', { ...sample.established, invalidKePayload: true })),
      /\n {2}IKEv2 .*MODP_2048 after\s+INVALID_KE_PAYLOAD/,
    ],
    ['that nobody calls', linkOf(), /Neither side has a child that it would initiate/],
    [
      'what cannot be told',
      linkOf(sample.negotiation('a', { outcome: 'unknown', why: 'the key is masked' })),
      /No mismatch\n[^✔]*siteA initiates tunnel-1: cannot be told: the key is masked/,
    ],
  ])('shows %s', (_, report, text) => {
    expect(pretty(report)).toMatch(text);
  });
});

describe('the forecast', () => {
  const rekey = {
    a: sample.established.rekey.a,
    b: { outcome: 'failed', notify: 'NO_PROPOSAL_CHOSEN' },
  } as const;
  test.each<readonly [string, readonly Negotiation[], string]>([
    ['comes up', [sample.negotiation('a', sample.established)], 'siteA initiates tunnel-1: comes up\n'],
    [
      'children that fare alike',
      [sample.negotiation('a', sample.failed), sample.negotiation('a', sample.failed, { child: 'tunnel-2' })],
      'siteA initiates tunnel-1, tunnel-2: fails in IKE_SA_INIT',
    ],
    [
      'a rekey of one side',
      [sample.negotiation('a', { ...sample.established, rekey })],
      'comes up; a rekey that siteB starts fails, NO_PROPOSAL_CHOSEN\n',
    ],
    [
      'each rekey',
      [sample.negotiation('a', { ...sample.established, rekey: { a: rekey.b, b: rekey.b } })],
      'comes up; the first rekey fails, NO_PROPOSAL_CHOSEN\n',
    ],
    [
      'a later child',
      [sample.negotiation('b', sample.established, { onExistingIkeSa: rekey.b })],
      'comes up; when another child made the IKE_SA first, it fails, NO_PROPOSAL_CHOSEN\n',
    ],
    [
      'nothing sent',
      [
        sample.negotiation('b', {
          ...sample.failed,
          exchange: null,
          notify: null,
          reason: 'cannot-initiate',
        }),
      ],
      'siteB initiates tunnel-1: fails before anything is sent (there is no address to call)\n',
    ],
    [
      'what fails next',
      [
        sample.negotiation('a', sample.failed, {
          hidden: [
            {
              ...sample.failed,
              exchange: 'IKE_AUTH',
              notify: 'AUTHENTICATION_FAILED',
              reason: 'psk-mismatch',
            },
          ],
        }),
      ],
      '; once mended, fails in IKE_AUTH, AUTHENTICATION_FAILED (the pre-shared keys differ)\n',
    ],
  ])('tells %s', (_, negotiations, text) => {
    const report = sample.report({ links: [{ a, b, pairing, negotiations }] });
    expect(pretty(report, 200)).toContain(text);
  });
});

describe('the last line', () => {
  const none = { errors: 0, warnings: 0, infos: 0, links: 2, unpairedPeers: 0, suppressed: 0 };
  test.each([
    [none, 'no findings in 2 links\n'],
    [{ ...none, errors: 1, warnings: 2, infos: 1, links: 1 }, '1 error, 2 warnings, 1 info in 1 link\n'],
    [
      { ...none, infos: 2, unpairedPeers: 1, suppressed: 3 },
      '2 infos in 2 links, 1 unpaired peer, 3 suppressed\n',
    ],
  ])('%j', (summary, line) => {
    expect(pretty(sample.report({ findings: [], summary }))).toMatch(new RegExp(`\n${line}$`));
  });
});

test('unpaired peers are listed with the reason', () => {
  const report = sample.report({
    unpaired: [{ site: 0, peer: 'SITE-C', why: 'no dump has 203.0.113.9', candidates: [] }],
  });
  expect(pretty(report)).toContain('\n  siteA.conf  peer SITE-C  no dump has 203.0.113.9\n');
});

test('letters of two sites with one name follow the link, not the order of all sites', () => {
  const sites = [sample.siteB, sample.siteA, { ...sample.siteB, name: 'siteA', called: 'siteA' }];
  const links = [
    { a: { ...a, site: 1, name: 'A' }, b: { ...b, site: 2, name: 'B' }, pairing, negotiations: [] },
  ];
  const [ofA, ofB] = sample.dhGroup.locations;
  const locations = [
    { ...ofA, site: 1 },
    { ...(ofB as typeof ofA), site: 2 },
  ] as const;
  const text = pretty({ ...of({ locations, fix: [{ site: 2, commands: ['x'] }] }), sites, links });
  expect(text).toMatch(/ {2}A siteA.conf:6[\s\S]* {2}B siteB.conf:4[\s\S]*Fix on B/);
});

test('ASCII is all that is written where Unicode is not wanted', () => {
  const options = { color: false, width: 60, unicode: false };
  const all = sample.report({ findings: [sample.dhGroup, sample.psk, sample.pfs] });
  expect(renderPretty(all, options) + renderPretty(sample.clean, options)).toMatch(/^[\x20-\x7e\n]*$/);
});

describe('on any report', () => {
  const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
  const anyWidth = fc.oneof(
    fc.integer({ min: 0, max: 200 }),
    fc.constant(Number.POSITIVE_INFINITY),
    fc.constant(Number.NaN),
  );

  test('no text drives the terminal or hides', () => {
    fc.assert(
      fc.property(anyReport, anyWidth, (report, width) => {
        const text = renderPretty(report, { color: false, width });
        expect(text.replaceAll('\n', '')).not.toMatch(unseen);
        for (const line of text.split('\n')) expect(line).not.toMatch(/^\s*::[a-z-]{5,}(?:::|\s)|##\[/i);
      }),
    );
  });

  test('colour adds colour and nothing else', () => {
    fc.assert(
      fc.property(anyReport, anyWidth, (report, width) => {
        const coloured = renderPretty(report, { color: true, width });
        const plain = coloured
          .split('\u001b')
          .map((part, index) => (index === 0 ? part : part.replace(/^\[[\d;]*m/, '')));
        expect(plain.join('')).toBe(renderPretty(report, { color: false, width }));
      }),
    );
  });
});

test('no line of a frame is wider than the paper', () => {
  const text = `set vpn ipsec ike-group ${'中'.repeat(50)} proposal 1 dh-group '14'${' # x'.repeat(50)}\n`;
  const file = sourceFile('wide.conf', text);
  const wide = { ...sample.siteA, file, secrets: [] };
  const report = {
    ...of({ locations: [sample.location(0, wide, "'14'", { label: 'group 14' })] }),
    sites: [wide, sample.siteB],
  };
  const frame = pretty(report, 60)
    .split('\n')
    .filter((line) => line.includes(' │ '));
  expect(frame).toEqual([
    "  1 │ …中 proposal 1 dh-group '14' # x # x # x # x # x # x…",
    '    │                         ~~~~ group 14',
  ]);
});

test('a link of which all findings are suppressed does not look clean', () => {
  const suppressed = [{ finding: sample.dhGroup, suppression: { by: 'baseline', reason: null } }] as const;
  const of = sample.report({
    findings: [],
    suppressed,
    summary: { ...sample.report().summary, errors: 0, suppressed: 1 },
  });
  const text = renderPretty(of, { color: false, width: 100 });
  expect(text).toContain('1 finding suppressed, no other');
  expect(text).not.toContain('No mismatch');
  expect(text).toContain('fails in IKE_SA_INIT');
});
