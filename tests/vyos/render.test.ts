import { describe, expect, test } from '@jest/globals';
import { readSetDump } from '../../grammar/index.ts';
import { sourceFile } from '../../src/source/index.ts';
import { loadSite } from '../../src/strongswan/load-site.ts';
import { renderConf } from '../../src/strongswan/render.ts';
import { readSite } from '../../src/vyos/read-site.ts';

function render(text: string): string {
  return renderConf(loadSite(readSite('a', readSetDump(sourceFile('a.conf', text)))));
}

const secretText = 'S3cret-of-A-and-B';

/** As VyOS's documentation shows it: two sites, a prefix each. */
const guide = `
set interfaces ethernet eth0 address '203.0.113.1/24'
set vpn ipsec esp-group ESP-SITE-B lifetime '3600'
set vpn ipsec esp-group ESP-SITE-B pfs 'enable'
set vpn ipsec esp-group ESP-SITE-B proposal 10 encryption 'aes256gcm128'
set vpn ipsec esp-group ESP-SITE-B proposal 10 hash 'sha256'
set vpn ipsec esp-group ESP-SITE-B proposal 2 encryption 'aes256'
set vpn ipsec esp-group ESP-SITE-B proposal 2 hash 'sha256'
set vpn ipsec ike-group IKE-SITE-B dead-peer-detection action 'restart'
set vpn ipsec ike-group IKE-SITE-B dead-peer-detection interval '30'
set vpn ipsec ike-group IKE-SITE-B dead-peer-detection timeout '120'
set vpn ipsec ike-group IKE-SITE-B key-exchange 'ikev2'
set vpn ipsec ike-group IKE-SITE-B lifetime '28800'
set vpn ipsec ike-group IKE-SITE-B proposal 1 dh-group '14'
set vpn ipsec ike-group IKE-SITE-B proposal 1 encryption 'aes256'
set vpn ipsec ike-group IKE-SITE-B proposal 1 hash 'sha256'
set vpn ipsec interface 'eth0'
set vpn ipsec authentication psk K1 id '203.0.113.1'
set vpn ipsec authentication psk K1 id '198.51.100.1'
set vpn ipsec authentication psk K1 secret '${secretText}'
set vpn ipsec site-to-site peer SITE-B authentication local-id '203.0.113.1'
set vpn ipsec site-to-site peer SITE-B authentication mode 'pre-shared-secret'
set vpn ipsec site-to-site peer SITE-B authentication remote-id '198.51.100.1'
set vpn ipsec site-to-site peer SITE-B connection-type 'initiate'
set vpn ipsec site-to-site peer SITE-B default-esp-group 'ESP-SITE-B'
set vpn ipsec site-to-site peer SITE-B ike-group 'IKE-SITE-B'
set vpn ipsec site-to-site peer SITE-B local-address '203.0.113.1'
set vpn ipsec site-to-site peer SITE-B remote-address '198.51.100.1'
set vpn ipsec site-to-site peer SITE-B tunnel 1 local prefix '10.1.0.0/24'
set vpn ipsec site-to-site peer SITE-B tunnel 1 remote prefix '10.2.0.0/24'
`;

test('a site as the guide shows it', () => {
  expect(render(guide)).toBe(`connections {
    SITE-B {
        proposals = aes256-sha256-modp2048
        version = 2
        local_addrs = 203.0.113.1
        remote_addrs = 198.51.100.1
        dpd_timeout = 120
        dpd_delay = 30
        rekey_time = 28800s
        mobike = yes
        keyingtries = 0
        local {
            id = "203.0.113.1"
            auth = psk
        }
        remote {
            id = "198.51.100.1"
            auth = psk
        }
        children {
            SITE-B-tunnel-1 {
                esp_proposals = aes256-sha256-modp2048,aes256gcm128-sha256-modp2048
                life_time = 3600s
                local_ts = 10.1.0.0/24
                remote_ts = 10.2.0.0/24
                ipcomp = no
                mode = tunnel
                start_action = start
                dpd_action = restart
                close_action = none
                replay_window = 32
            }
        }
    }
}
pools {
}
secrets {
    ike-K1 {
        id-1 = "203.0.113.1"
        id-2 = "198.51.100.1"
        secret = "********"
    }
}
`);
});

const peer = 'set vpn ipsec site-to-site peer SITE-B';
const tunnel = 'vpn ipsec site-to-site peer SITE-B tunnel 1';

describe('what a setting becomes', () => {
  test.each([
    [
      'no key-exchange answers both versions',
      'delete vpn ipsec ike-group IKE-SITE-B key-exchange',
      'version = 0',
    ],
    ['aggressive mode is IKEv1 alone', "set vpn ipsec ike-group IKE-SITE-B mode 'aggressive'", undefined],
    [
      'aggressive mode',
      "set vpn ipsec ike-group IKE-SITE-B key-exchange 'ikev1'\nset vpn ipsec ike-group IKE-SITE-B mode 'aggressive'",
      'aggressive = yes',
    ],
    ['mobike', 'set vpn ipsec ike-group IKE-SITE-B disable-mobike', 'mobike = no'],
    [
      'a prf',
      "set vpn ipsec ike-group IKE-SITE-B proposal 1 prf 'prfsha1'",
      'aes256-sha256-prfsha1-modp2048',
    ],
    [
      'pfs disable',
      "set vpn ipsec esp-group ESP-SITE-B pfs 'disable'",
      'esp_proposals = aes256-sha256,aes256gcm128-sha256',
    ],
    ['pfs by group', "set vpn ipsec esp-group ESP-SITE-B pfs 'dh-group19'", 'aes256-sha256-ecp256'],
    ['no proposals', 'delete vpn ipsec ike-group IKE-SITE-B proposal', 'proposals =\n'],
    ['any remote address', `${peer} remote-address 'any'`, 'remote_addrs = %any'],
    ['two remote addresses', `${peer} remote-address '192.0.2.9'`, 'remote_addrs = 198.51.100.1,192.0.2.9'],
    ['any local address', `${peer} local-address 'any'`, 'local_addrs = %any\n'],
    ['no remote id', 'delete vpn ipsec site-to-site peer SITE-B authentication remote-id', 'id = "%any"'],
    ['an id with quotes in it', `${peer} authentication remote-id 'a"b'`, 'id = "a"b"'],
    ['respond', `${peer} connection-type 'respond'`, 'start_action = trap'],
    ['none', `${peer} connection-type 'none'`, 'start_action = none'],
    ['encapsulation', `${peer} force-udp-encapsulation`, 'encap = yes'],
    ['several prefixes', `${peer} tunnel 1 local prefix '10.3.0.0/24'`, 'local_ts = 10.1.0.0/24,10.3.0.0/24'],
    [
      'protocol and port go with each prefix',
      `${peer} tunnel 1 protocol 'tcp'\n${peer} tunnel 1 local port '443'\n${peer} tunnel 1 local prefix '10.3.0.0/24'`,
      'local_ts = 10.1.0.0/24[tcp/443],10.3.0.0/24[tcp/443]',
    ],
    ['protocol alone', `${peer} tunnel 1 protocol 'gre'`, 'remote_ts = 10.2.0.0/24[gre/]'],
    [
      'transport mode',
      `set vpn ipsec esp-group ESP-SITE-B mode 'transport'\ndelete ${tunnel} local\ndelete ${tunnel} remote`,
      'local_ts = 203.0.113.1\n                remote_ts = 198.51.100.1\n',
    ],
    ['priority', `${peer} tunnel 1 priority '7'`, 'priority = 7'],
    ['replay window', `${peer} replay-window '64'`, 'replay_window = 64'],
    ['life bytes', "set vpn ipsec esp-group ESP-SITE-B life-bytes '100000'", 'life_bytes = 100000'],
    ['no rekey', 'set vpn ipsec esp-group ESP-SITE-B disable-rekey', 'rekey_time = 0s'],
    ['compression', 'set vpn ipsec esp-group ESP-SITE-B compression', 'ipcomp = yes'],
    ['a second tunnel', `${peer} tunnel 10 remote prefix '10.9.0.0/24'`, 'SITE-B-tunnel-10 {'],
    [
      'a certificate',
      `${peer} authentication mode 'x509'\n${peer} authentication x509 ca-certificate 'ca'\n${peer} authentication x509 certificate 'gw'`,
      'certs = gw.pem',
    ],
    [
      'overlapping prefixes stay out of the tunnel',
      `${peer} tunnel 1 remote prefix '10.0.0.0/8'`,
      'SITE-B-tunnel-1-passthrough {\n                local_ts = 10.1.0.0/24\n                remote_ts = 10.1.0.0/24\n' +
        '                mode = pass\n                start_action = trap\n',
    ],
    [
      'a VTI',
      `delete vpn ipsec site-to-site peer SITE-B tunnel\n${peer} vti bind 'vti7'\nset interfaces vti vti7`,
      'updown = "/etc/ipsec.d/vti-up-down vti7"\n                if_id_in = 8\n                if_id_out = 8\n',
    ],
  ])('%s', (_, change, line) => {
    const text = render(`${guide}${change}\n`);
    if (line === undefined) expect(text).not.toContain('aggressive');
    else expect(text).toContain(line);
  });

  test('a disabled peer is not there, and one that VyOS refuses is named as such', () => {
    expect(render(`${guide}${peer} disable\n`)).not.toContain('SITE-B');
    expect(render(`${guide}${peer} ike-group 'GONE'\n`)).toContain(
      'Invalid ike-group on site-to-site peer SITE-B',
    );
  });
});

describe('secrets', () => {
  const own = `${guide}${peer} authentication pre-shared-secret 'Older-S3cret'\n`;
  const x509 = `${peer} authentication x509`;
  const passphrase = `${peer} authentication mode 'x509'\n${x509} ca-certificate 'ca'\n${x509} certificate 'gw'\n${x509} passphrase 'Pass-S3cret'\n`;

  test('are masked, wherever they stand', () => {
    expect(render(`${own}${passphrase}`)).not.toMatch(/S3cret/);
  });

  test('without one VyOS writes nothing', () => {
    expect(render(`${guide}delete vpn ipsec authentication psk K1 secret\n`)).toBe(
      '# VyOS does not commit this configuration: Authentication psk "K1" missing "id" or "secret"\n',
    );
  });
});
