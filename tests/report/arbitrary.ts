import fc from 'fast-check';
import type { ChildOutcome, Exchange, Failure, Negotiation, Notify, Reason } from '../../src/ike/outcome.ts';
import type { Finding, Fix, Location } from '../../src/lint/finding.ts';
import type { Grounds, Report, ReportRule, ReportSite, Suppression } from '../../src/lint/report.ts';
import { sourceFile, span } from '../../src/source/index.ts';

/**
 * What GitHub's runner might take for a command at the beginning of a line. What may be an address of IPv6 is none: no
 * command is named by hexadecimal letters alone.
 */
export const runnersCommand = /^\s*::(?![\da-f:.]+(?:\/\d+)?(?![\w-]))[a-z]/i;

/** Every value of each enumeration, complete by its type. */
export const exchanges = Object.keys({
  IKE_SA_INIT: 0,
  IKE_AUTH: 0,
  CREATE_CHILD_SA: 0,
  MAIN_MODE: 0,
  AGGRESSIVE_MODE: 0,
  QUICK_MODE: 0,
} satisfies Record<Exchange, 0>) as Exchange[];

export const notifies = Object.keys({
  NO_PROPOSAL_CHOSEN: 0,
  INVALID_KE_PAYLOAD: 0,
  AUTHENTICATION_FAILED: 0,
  TS_UNACCEPTABLE: 0,
  INVALID_ID_INFORMATION: 0,
  INVALID_KEY_INFORMATION: 0,
  PAYLOAD_MALFORMED: 0,
  INVALID_SYNTAX: 0,
} satisfies Record<Notify, 0>) as Notify[];

export const reasons = Object.keys({
  'no-ike-config': 0,
  'no-ike-proposal': 0,
  'no-peer-config': 0,
  'auth-method': 0,
  'psk-mismatch': 0,
  'no-psk': 0,
  'no-private-key': 0,
  'id-mismatch': 0,
  'no-ppk': 0,
  'ppk-mismatch': 0,
  childless: 0,
  'mode-mismatch': 0,
  'not-loaded': 0,
  'aggressive-psk-refused': 0,
  'no-child-proposal': 0,
  'no-matching-ts': 0,
  'cannot-initiate': 0,
  'no-response': 0,
  'own-route': 0,
} satisfies Record<Reason, 0>) as Reason[];

/** Letters that stand in secrets and nowhere else. */
export const secretLetters = /[λΩж]/u;

const nasty = [
  '\u001b[31m',
  '\u0007',
  '\u009b2J',
  '\u202e',
  '\u2066',
  '\u200b',
  '\ufeff',
  '\u2028',
  '\u00a0',
  '\ud800',
  '中',
  'é',
  '👩‍👩‍👧',
  '\t',
  '\n',
  '\r',
  '\ufffe',
  // What a runner of GitHub's, Markdown, HTML, XML, an address or SARIF makes something of.
  '::error::',
  '\n::stop-commands::x',
  '##[error]',
  '<script>',
  ']]>',
  '&amp;',
  '|',
  '`',
  '``',
  '*_~',
  '[a](1)',
  '![a](https://example.com/a.png)',
  'https://example.com',
  'www.example.com',
  '@user',
  '#1',
  'GH-1',
  '0123456789abcdef',
  '{0}',
  '%0A',
  '..',
  '/',
  ':',
  ',',
  '\\',
];

const text = fc
  .array(
    fc.oneof(fc.constantFrom('set', 'vpn', 'ipsec', "'14'", ' ', ' ', 'a', '"'), fc.constantFrom(...nasty)),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(''));

const secret = fc
  .array(fc.constantFrom('λ', 'Ω', 'ж', '中', '\u001b', '\u202e', '\t', '\n', 'a'), {
    minLength: 3,
    maxLength: 40,
  })
  .map((parts) => `λ${parts.join('')}`);

const side = fc.constantFrom('a', 'b');
const notify = fc.constantFrom(null, ...notifies);
const exchange = fc.constantFrom(null, ...exchanges);
const texts = fc.array(text, { maxLength: 3 });

/** A site whose text holds secrets at known and otherwise arbitrary places: between words, within one, over a line's end. */
const site: fc.Arbitrary<ReportSite> = fc
  .record({
    name: text,
    fileName: text,
    parts: fc.array(
      fc.oneof(
        { weight: 4, arbitrary: text.map((plain) => ({ plain, hides: false })) },
        { weight: 2, arbitrary: secret.map((plain) => ({ plain, hides: true })) },
        {
          weight: 1,
          arbitrary: fc.constantFrom('\n', '\r\n', '\r').map((plain) => ({ plain, hides: false })),
        },
        { weight: 1, arbitrary: fc.constant({ plain: ' long line'.repeat(40), hides: false }) },
      ),
      { minLength: 1, maxLength: 12 },
    ),
    notation: fc.constantFrom('set' as const, 'config-boot' as const),
  })
  .map(({ name, fileName, parts, notation }) => {
    const file = sourceFile(fileName, `#${parts.map(({ plain }) => plain).join('')}`);
    let offset = 1;
    const secrets = parts.flatMap(({ plain, hides }) => {
      const start = offset;
      offset += plain.length;
      return hides ? [span(file, start, offset)] : [];
    });
    return { name, called: name, file, notation, vyos: '1.4', commands: 1, vpn: true, ipsec: true, secrets };
  });

const child: fc.Arbitrary<ChildOutcome> = fc.oneof(
  text.map((espProposal) => ({ outcome: 'established' as const, espProposal })),
  notify.map((sent) => ({ outcome: 'failed' as const, notify: sent })),
  fc.constant({ outcome: 'unknown' as const }),
);

const failure: fc.Arbitrary<Failure> = fc.record({
  phase: fc.constantFrom('ike', 'child'),
  exchange,
  notify,
  reason: fc.constantFrom(...reasons),
  detectedBy: fc.constantFrom(null, 'initiator', 'responder'),
  log: fc.record({ initiator: texts, responder: texts }),
});

const negotiation: fc.Arbitrary<Negotiation> = fc.record(
  {
    initiator: side,
    child: text,
    ikeVersion: fc.constantFrom(1, 2),
    result: fc.oneof(
      fc.record({
        outcome: fc.constant('established' as const),
        ikeProposal: text,
        espProposal: text,
        trafficSelectors: fc.record({ local: texts, remote: texts }),
        invalidKePayload: fc.boolean(),
        rekey: fc.record({ a: child, b: child }),
      }),
      failure.map((failed) => ({ outcome: 'failed' as const, ...failed })),
      text.map((why) => ({ outcome: 'unknown' as const, why })),
    ),
    onExistingIkeSa: child,
    afterwards: fc.constant([]),
    hidden: fc.array(failure, { maxLength: 2 }),
  },
  { requiredKeys: ['initiator', 'child', 'ikeVersion', 'result', 'afterwards', 'hidden'] },
);

function location(sites: readonly ReportSite[]): fc.Arbitrary<Location> {
  return fc
    .record({
      site: fc.nat(sites.length - 1),
      ends: fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
      path: texts,
      value: fc.option(text),
      origin: fc.constantFrom('set' as const, 'default' as const, 'derived' as const),
      label: text,
    })
    .map(({ ends, ...rest }) => {
      const file = (sites[rest.site] as ReportSite).file;
      const [start, end] = ends
        .map((share) => Math.round(share * file.text.length))
        .sort((one, other) => one - other);
      return { ...rest, at: span(file, start as number, end as number) };
    });
}

function finding(sites: readonly ReportSite[], links: number, findings: number): fc.Arbitrary<Finding> {
  const fix: fc.Arbitrary<Fix> = fc.record({ site: fc.nat(sites.length - 1), commands: texts });
  return fc.record({
    ruleId: text,
    severity: fc.constantFrom('error', 'warning', 'info'),
    message: text,
    consequence: text,
    ikeError: fc.option(fc.record({ notify: fc.constantFrom(...notifies), code: fc.nat(50) })),
    exchange,
    initiators: fc.uniqueArray(side),
    log: fc.record({ a: texts, b: texts }),
    locations: fc
      .tuple(location(sites), fc.array(location(sites), { maxLength: 2 }))
      .map(([first, more]) => [first, ...more] as const),
    fix: fc.array(fix, { maxLength: 2 }),
    hiddenBehind: fc.option(fc.nat(findings)),
    link: links === 0 ? fc.constant(null) : fc.option(fc.nat(links - 1)),
    fingerprint: text,
  }) as unknown as fc.Arbitrary<Finding>;
}

const rule: fc.Arbitrary<ReportRule> = fc.record({
  id: text,
  summary: text,
  severity: fc.constantFrom('error', 'warning', 'info'),
  why: text,
  mend: text,
  sources: fc.array(fc.record({ title: text, url: text }), { maxLength: 2 }),
  page: text,
});

function suppression(sites: readonly ReportSite[]): fc.Arbitrary<Suppression> {
  return fc.oneof(
    fc.record({
      by: fc.constant('comment' as const),
      reason: fc.option(text),
      at: location(sites).map(({ at }) => at),
    }),
    fc.record({
      by: fc.constantFrom('configuration' as const, 'baseline' as const),
      reason: fc.option(text),
    }),
  );
}

const signs = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constantFrom('remote-address' as const, 'remote-id' as const),
      side: fc.constantFrom('a' as const, 'b' as const),
    }),
    fc.record({
      kind: fc.constantFrom('psk' as const, 'traffic-selectors' as const, 'counterpart' as const),
    }),
  ),
  { maxLength: 2 },
);
const grounds: fc.Arbitrary<Grounds> = fc.record({
  kind: fc.constantFrom('told', 'signs', 'guess'),
  signs,
  against: signs,
});

/** Any report at all: every text in it may be hostile, every span may touch a secret. */
export const anyReport: fc.Arbitrary<Report> = fc
  .array(site, { minLength: 1, maxLength: 3 })
  .chain((sites) => {
    const peer = fc.record({ site: fc.nat(sites.length - 1), peer: text });
    const end = fc.record({ site: fc.nat(sites.length - 1), peer: text, name: text });
    const link = fc.record({
      a: end,
      b: end,
      pairing: grounds,
      negotiations: fc.array(negotiation, { maxLength: 3 }),
    });
    return fc.array(link, { maxLength: 2 }).chain((links) =>
      fc.record({
        tool: fc.record({ name: text, version: text, home: text }),
        rules: fc.array(rule, { maxLength: 3 }),
        sites: fc.constant(sites),
        links: fc.constant(links),
        unpaired: fc.array(
          fc.record({
            site: fc.nat(sites.length - 1),
            peer: text,
            why: text,
            candidates: fc.array(peer, { maxLength: 2 }),
          }),
          { maxLength: 2 },
        ),
        findings: fc.array(finding(sites, links.length, 3), { maxLength: 4 }),
        suppressed: fc.array(
          fc.record({ finding: finding(sites, links.length, 3), suppression: suppression(sites) }),
          { maxLength: 2 },
        ),
        summary: fc.record({
          errors: fc.nat(3),
          warnings: fc.nat(3),
          infos: fc.nat(3),
          links: fc.constant(links.length),
          unpairedPeers: fc.nat(2),
          suppressed: fc.nat(2),
        }),
      }),
    );
  });
