import { describe, expect, test } from '@jest/globals';
import { readSetDump } from '../../grammar/index.ts';
import { sourceFile } from '../../src/source/index.ts';
import { readSite } from '../../src/vyos/read-site.ts';
import type { Release } from '../../src/vyos/schema/index.ts';
import { allSpelledIn, spelledIn } from '../../src/vyos/spelling.ts';

const peer = 'vpn ipsec site-to-site peer 203.0.113.2';
const ike = 'vpn ipsec ike-group IKE';

function site(release: Release, dump = `set ${peer} ike-group 'IKE'`) {
  return readSite('a', readSetDump(sourceFile('a.conf', `${dump}\n`)), release);
}

describe('a command of today in 1.3', () => {
  test.each<[string, string | undefined]>([
    [`set ${peer} authentication local-id '@x'`, `set ${peer} authentication id '@x'`],
    [`delete ${peer} authentication local-id`, `delete ${peer} authentication id`],
    [`set ${peer} authentication remote-id '@x'`, `set ${peer} authentication remote-id '@x'`],
    [`set ${ike} disable-mobike`, `set ${ike} mobike 'disable'`],
    [`delete ${ike} disable-mobike`, `delete ${ike} mobike`],
    [`set ${ike} close-action 'start'`, `set ${ike} close-action 'restart'`],
    [`set ${ike} close-action 'none'`, `set ${ike} close-action 'none'`],
    [`set ${ike} dead-peer-detection action 'trap'`, `set ${ike} dead-peer-detection action 'hold'`],
    ['set vpn ipsec esp-group ESP compression', "set vpn ipsec esp-group ESP compression 'enable'"],
    ['delete vpn ipsec esp-group ESP compression', 'delete vpn ipsec esp-group ESP compression'],
    [`set ${ike} ikev2-reauth`, `set ${ike} ikev2-reauth 'yes'`],
    [`set ${peer} force-udp-encapsulation`, `set ${peer} force-encapsulation 'enable'`],
    ["set vpn ipsec interface 'eth0'", "set vpn ipsec ipsec-interfaces interface 'eth0'"],
    [`set ${peer} connection-type 'trap'`, `set ${peer} connection-type 'respond'`],
    [`set ${ike} lifetime '3600'`, `set ${ike} lifetime '3600'`],
    [`set ${ike} proposal 1 dh-group '31'`, `set ${ike} proposal 1 dh-group '31'`],
    [
      "set firewall ipv4 input filter rule 5 action 'accept'",
      "set firewall ipv4 input filter rule 5 action 'accept'",
    ],
    // What cannot be said in one command, or at all.
    [`set ${peer} remote-address '203.0.113.9'`, undefined],
    [`set ${peer} connection-type 'none'`, undefined],
    [`set ${peer} virtual-address '0.0.0.0'`, undefined],
    [`delete ${peer} disable`, undefined],
    ["set vpn ipsec authentication psk A id '203.0.113.2'", undefined],
    [`set ${ike} lifetime '0'`, undefined],
    [`set ${peer} tunnel west local prefix '10.0.0.0/8'`, undefined],
  ])('%s', (command, spelled) => {
    expect(spelledIn(command, site('1.3'))).toBe(spelled);
  });

  test('1.2 has fewer algorithms', () => {
    expect(spelledIn(`set ${ike} proposal 1 dh-group '31'`, site('1.2'))).toBeUndefined();
    expect(spelledIn(`set ${ike} proposal 1 prf 'prfsha256'`, site('1.2'))).toBeUndefined();
  });
});

describe('an older command in 1.4', () => {
  test.each<[string, string | undefined]>([
    [`set ${peer} authentication id '@x'`, `set ${peer} authentication local-id '@x'`],
    [`set ${ike} mobike 'disable'`, `set ${ike} disable-mobike`],
    [`set ${ike} mobike 'enable'`, undefined],
    ["set vpn ipsec esp-group ESP compression 'enable'", 'set vpn ipsec esp-group ESP compression'],
    ["set vpn ipsec esp-group ESP compression 'disable'", undefined],
    [`set ${peer} force-encapsulation 'enable'`, `set ${peer} force-udp-encapsulation`],
    [`set ${ike} close-action 'restart'`, `set ${ike} close-action 'start'`],
    ["set vpn ipsec ipsec-interfaces interface 'eth0'", "set vpn ipsec interface 'eth0'"],
    ["set vpn ipsec logging log-modes 'ike'", "set vpn ipsec log subsystem 'ike'"],
    [`set ${peer} authentication pre-shared-secret 'x'`, undefined],
  ])('%s', (command, spelled) => {
    expect(spelledIn(command, site('1.4'))).toBe(spelled);
  });
});

test('a second prefix would take the place of the first in 1.3', () => {
  const one = `set ${peer} tunnel 1 local prefix '10.1.0.0/24'`;
  const other = `set ${peer} tunnel 1 local prefix '10.2.0.0/24'`;
  const gone = `delete ${peer} tunnel 1 local prefix '10.1.0.0/24'`;
  expect(allSpelledIn([other], site('1.3', one))).toBeUndefined();
  expect(allSpelledIn([gone, other], site('1.3', one))).toEqual([gone, other]);
  expect(allSpelledIn([one, other], site('1.3'))).toBeUndefined();
  expect(allSpelledIn([other], site('1.4', one))).toEqual([other]);
});
