import { expect, test } from '@jest/globals';
import { readSetDump } from '../../grammar/index.ts';
import type { Leaf } from '../../src/ike/swanctl-conf.ts';
import { sourceFile } from '../../src/source/index.ts';
import { type LoadedSite, loadSite } from '../../src/strongswan/load-site.ts';
import { printSwanctlConf } from '../../src/strongswan/print.ts';

import { settingsOfOrigin } from '../../src/vyos/conf-origin.ts';
import { readSite } from '../../src/vyos/read-site.ts';
import type { Release } from '../../src/vyos/schema/index.ts';

const bare = [
  "set vpn ipsec ike-group I key-exchange 'ikev2'",
  'set vpn ipsec esp-group E',
  "set vpn ipsec site-to-site peer P authentication mode 'pre-shared-secret'",
  "set vpn ipsec site-to-site peer P ike-group 'I'",
  "set vpn ipsec site-to-site peer P default-esp-group 'E'",
  "set vpn ipsec site-to-site peer P local-address '203.0.113.1'",
  "set vpn ipsec site-to-site peer P remote-address '198.51.100.1'",
  "set vpn ipsec site-to-site peer P tunnel 1 protocol 'gre'",
].join('\n');

function loaded(release: Release): LoadedSite {
  return loadSite(readSite('a', readSetDump(sourceFile('a.conf', bare)), release));
}

function told({ value, implied, origin }: Leaf<unknown>): readonly unknown[] {
  return [value, implied === true, settingsOfOrigin(origin).map(({ path }) => path.slice(2).join(' '))];
}

test.each(['1.3', '1.4'] as const)('in %s what is not written keeps what would change it', (release) => {
  const [section] = loaded(release).conf.connections;
  const [child] = section?.children ?? [];
  const tunnel = 'site-to-site peer P tunnel 1';
  expect(section?.proposals.map(told)).toEqual([['default', true, ['ike-group I']]]);
  expect(section?.aggressive && told(section.aggressive)).toEqual([false, true, ['ike-group I mode']]);
  expect(child?.esp_proposals.map(told)).toEqual([['default', true, ['esp-group E', 'esp-group E pfs']]]);
  expect(child?.local_ts.map(told)).toEqual([['dynamic', true, [tunnel, `${tunnel} protocol`]]]);
});

test('nothing of it is printed, and 1.5 writes the protocol of a tunnel without a prefix', () => {
  const text = printSwanctlConf(loaded('1.4').conf);
  expect(text).toContain('children');
  expect(text).not.toMatch(/default|dynamic|aggressive/);
  const [section] = loaded('1.5').conf.connections;
  const [leaf] = section?.children[0]?.local_ts ?? [];
  expect([leaf?.value, leaf?.implied]).toEqual(['dynamic[gre/]', undefined]);
});
