import { expect, test } from '@jest/globals';
import { readSetDump } from '../../grammar/index.ts';
import { sourceFile } from '../../src/source/index.ts';
import { addressesOf, isGivenAddresses } from '../../src/vyos/addresses.ts';
import { readSite } from '../../src/vyos/read-site.ts';

const siteOf = (...lines: readonly string[]) =>
  readSite('a', readSetDump(sourceFile('a.conf', `${lines.map((line) => `set ${line}`).join('\n')}\n`)));
const peer = (name: string, rest: string) => `vpn ipsec site-to-site peer ${name} ${rest}`;
const fixed = peer('FIXED', "local-address '203.0.113.1'");
const wan = "interfaces ethernet eth0 address '203.0.113.1/24'";

test.each<[string, readonly string[], boolean]>([
  ['addresses that are written down', [wan, fixed], false],
  ['one peer by DHCP among others', [wan, fixed, peer('MOVING', "dhcp-interface 'eth1'")], true],
  [
    'a peer by DHCP that is disabled',
    [fixed, peer('MOVING', "dhcp-interface 'eth1'"), peer('MOVING', 'disable')],
    false,
  ],
  ['one interface by DHCP among others', [wan, "interfaces ethernet eth1 address 'dhcp'", fixed], true],
  ['one address by DHCPv6 beside another', [wan, "interfaces ethernet eth0 address 'dhcpv6'", fixed], true],
  ['PPPoE', [fixed, "interfaces pppoe pppoe0 source-interface 'eth3'"], true],
])('whether a router is given an address: %s', (_, lines, given) => {
  expect(isGivenAddresses(siteOf(...lines))).toBe(given);
});

test('each address once, those of peers first; none where one is masked', () => {
  const lan = "interfaces ethernet eth1 address '10.0.0.1/24'";
  expect(addressesOf(siteOf(lan, wan, fixed, peer('ANY', "local-address 'any'")))).toEqual([
    '203.0.113.1',
    '10.0.0.1',
  ]);
  expect(addressesOf(siteOf(lan, wan, peer('MASKED', "local-address 'xxx.xxx.113.1'")))).toEqual([]);
});
