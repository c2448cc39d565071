import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderCheckstyle } from '../../src/report/checkstyle.ts';
import { anyReport } from './arbitrary.ts';
import * as sample from './sample.ts';
import { xmlComplaints } from './xml-documents.ts';

const options = { color: false, width: 80 };

test('the findings of each file', () => {
  const findings = [{ ...sample.dhGroup, consequence: 'No IKE_SA comes about.', fix: [] }, sample.pfs];
  expect(renderCheckstyle(sample.report({ findings }), options)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<checkstyle version="4.3">
  <file name="siteA.conf">
    <error line="6" column="56" severity="error" message="No common Diffie-Hellman group: A offers 14, B accepts 2 (IKE_SA_INIT → NO_PROPOSAL_CHOSEN (14)). siteA.conf:6 (group 14, MODP_2048). siteB.conf:4 (not set: default 2, MODP_1024). No IKE_SA comes about" source="vyos-ipsec-lint.ike-dh-group-mismatch"/>
    <error line="8" column="25" severity="info" message="ESP group ESP-SITE-B has no lifetime: VyOS sets 3600. siteA.conf:8 (lifetime 3600). Nothing breaks. Fix: set vpn ipsec esp-group ESP-SITE-B lifetime &apos;3600&apos;" source="vyos-ipsec-lint.site-lifetime"/>
  </file>
</checkstyle>
`);
});

test('nothing found is an empty document', () => {
  expect(renderCheckstyle(sample.clean, options)).toContain('\n<checkstyle version="4.3"/>\n');
});

test('the changed file has the finding', () => {
  const text = renderCheckstyle(sample.report(), { ...options, changed: (file) => file === 'siteB.conf' });
  expect(text).toContain('<file name="siteB.conf">\n    <error line="4" column="1" severity="error"');
});

test('any report makes a document of that shape', async () => {
  const documents = fc
    .sample(anyReport, { numRuns: 300, seed: 4 })
    .map((report) => renderCheckstyle(report, options));
  expect(await xmlComplaints(documents, 'checkstyle.xsd')).toEqual([]);
});

test('another shape is refused', async () => {
  const odd = '<checkstyle version="1"><file name="a"><error line="0"/></file></checkstyle>';
  expect(await xmlComplaints([odd], 'checkstyle.xsd')).not.toEqual([]);
  expect(await xmlComplaints(['<checkstyle version="&#27;"/>'], 'checkstyle.xsd')).not.toEqual([]);
});
