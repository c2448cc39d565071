import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import type { Report } from '../../src/lint/report.ts';
import { renderJson } from '../../src/report/json.ts';
import { anyReport, exchanges, notifies, reasons } from './arbitrary.ts';
import { clean, dhGroup, established, failed, negotiation, pfs, psk, report } from './sample.ts';

const published = JSON.parse(readFileSync(new URL('../../docs/report.schema.json', import.meta.url), 'utf8'));

/** The published schema lets fields be added; this one does not, so that none is added unawares. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inside = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return inside.type === 'object' ? { ...inside, unevaluatedProperties: false } : inside;
}

const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false });
const validate = ajv.compile(closed(published) as object);

function errorsOf(of: Report): unknown {
  validate(JSON.parse(renderJson(of)));
  return validate.errors;
}

const { a, b, pairing } = clean.links[0] as Report['links'][number];

describe('the schema', () => {
  test.each([
    ['a failed link', report()],
    ['a clean link', clean],
    ['findings of every kind', report({ findings: [dhGroup, psk, pfs] })],
    ['nothing', report({ sites: [], links: [], findings: [] })],
    [
      'an unpaired peer',
      report({ unpaired: [{ site: 0, peer: 'SITE-C', why: 'nobody calls it', candidates: [] }] }),
    ],
    [
      'unknown, hidden and later children',
      report({
        links: [
          {
            a,
            b,
            pairing,
            negotiations: [
              negotiation(
                'a',
                { outcome: 'unknown', why: 'the key is masked' },
                { onExistingIkeSa: { outcome: 'unknown' } },
              ),
              negotiation(
                'b',
                { ...failed, exchange: null, notify: null, detectedBy: null },
                { hidden: [failed] },
              ),
            ],
          },
        ],
      }),
    ],
  ])('takes %s', (_, of) => {
    expect(errorsOf(of)).toBeNull();
  });

  test('takes any report', () => {
    fc.assert(fc.property(anyReport, (of) => expect(errorsOf(of)).toBeNull()));
  });

  test.each([
    ['reason', reasons],
    ['notify', notifies],
    ['exchange', exchanges],
  ])('knows each %s', (name, values) => {
    expect(published.$defs[name].enum).toEqual(values);
  });

  test.each([
    ['another version', { schemaVersion: 2 }],
    ['no summary', { summary: undefined }],
    ['a severity of no kind', { findings: [{ severity: 'fatal' }] }],
  ])('refuses %s', (_, change) => {
    const open = new Ajv2020({ strictTypes: false, strictRequired: false }).compile(published);
    const document = JSON.parse(renderJson(report()));
    expect(open({ ...document, added: true })).toBe(true);
    expect(open(JSON.parse(JSON.stringify({ ...document, ...change })))).toBe(false);
  });
});

describe('renderJson', () => {
  test('prints two spaces and a newline at the end', () => {
    expect(renderJson(report())).toMatch(/^\{\n {2}"schemaVersion": 1,\n[\s\S]*\n\}\n$/);
  });

  test('gives places, the flattened negotiation and what was added to the contract', () => {
    const document = JSON.parse(
      renderJson(
        report({
          links: [{ a, b, pairing, negotiations: [negotiation('a', failed), negotiation('b', established)] }],
        }),
      ),
    );
    expect(document.sites[0]).toEqual({ name: 'siteA', file: 'siteA.conf', notation: 'set', vyos: '1.4' });
    expect(document.findings[0].locations[0]).toEqual({
      site: 0,
      file: 'siteA.conf',
      line: 6,
      column: 56,
      endLine: 6,
      endColumn: 60,
      path: ['vpn', 'ipsec', 'ike-group'],
      value: '14',
      origin: 'set',
      label: 'group 14, MODP_2048',
    });
    expect(document.links[0].negotiations).toEqual([
      { initiator: 'a', child: 'tunnel-1', ikeVersion: 2, ...failed, hidden: [] },
      { initiator: 'b', child: 'tunnel-1', ikeVersion: 2, ...established, hidden: [] },
    ]);
    expect(document.unpaired).toEqual([]);
  });

  test('keeps hostile text as a value and shows none', () => {
    const message = 'a\u202eb\u001b[31m\u009b\u2028';
    const json = renderJson(report({ findings: [{ ...dhGroup, message }] }));
    expect(JSON.parse(json).findings[0].message).toBe(message);
    expect(json).toMatch(/^[\x20-\x7e\n]*$/);
  });
});
