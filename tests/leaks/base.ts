/** Two faultless ends of a tunnel. */
export const base = {
  a: `
configure
# IKE group (Phase 1 parameters)
set vpn ipsec ike-group IKE-SITE-B close-action 'none'
set vpn ipsec ike-group IKE-SITE-B dead-peer-detection action 'restart'
set vpn ipsec ike-group IKE-SITE-B dead-peer-detection interval '30'
set vpn ipsec ike-group IKE-SITE-B dead-peer-detection timeout '120'
set vpn ipsec ike-group IKE-SITE-B key-exchange 'ikev2'
set vpn ipsec ike-group IKE-SITE-B lifetime '28800'
set vpn ipsec ike-group IKE-SITE-B proposal 1 dh-group '14'
set vpn ipsec ike-group IKE-SITE-B proposal 1 encryption 'aes256'
set vpn ipsec ike-group IKE-SITE-B proposal 1 hash 'sha256'
# ESP group (Phase 2 parameters)
set vpn ipsec esp-group ESP-SITE-B lifetime '3600'
set vpn ipsec esp-group ESP-SITE-B pfs 'dh-group14'
set vpn ipsec esp-group ESP-SITE-B proposal 1 encryption 'aes256'
set vpn ipsec esp-group ESP-SITE-B proposal 1 hash 'sha256'
# Interface binding
set vpn ipsec interface 'eth0'
# Site-to-Site connection
set vpn ipsec site-to-site peer SITE-B authentication local-id 'site-a@example.com'
set vpn ipsec site-to-site peer SITE-B authentication mode 'pre-shared-secret'
set vpn ipsec site-to-site peer SITE-B authentication pre-shared-secret 'YourVeryStrongPSKHere123!'
set vpn ipsec site-to-site peer SITE-B authentication remote-id 'site-b@example.com'
set vpn ipsec site-to-site peer SITE-B connection-type 'initiate'
set vpn ipsec site-to-site peer SITE-B default-esp-group 'ESP-SITE-B'
set vpn ipsec site-to-site peer SITE-B ike-group 'IKE-SITE-B'
set vpn ipsec site-to-site peer SITE-B local-address '203.0.113.1'
set vpn ipsec site-to-site peer SITE-B remote-address '198.51.100.1'
# Traffic selectors (what traffic goes through the tunnel)
set vpn ipsec site-to-site peer SITE-B tunnel 1 local prefix '10.1.0.0/24'
set vpn ipsec site-to-site peer SITE-B tunnel 1 remote prefix '10.2.0.0/24'
commit
`.trimStart(),
  b: `
configure
# IKE group - MUST MATCH Site A
set vpn ipsec ike-group IKE-SITE-A close-action 'none'
set vpn ipsec ike-group IKE-SITE-A dead-peer-detection action 'restart'
set vpn ipsec ike-group IKE-SITE-A dead-peer-detection interval '30'
set vpn ipsec ike-group IKE-SITE-A dead-peer-detection timeout '120'
set vpn ipsec ike-group IKE-SITE-A key-exchange 'ikev2'
set vpn ipsec ike-group IKE-SITE-A lifetime '28800'
set vpn ipsec ike-group IKE-SITE-A proposal 1 dh-group '14'
set vpn ipsec ike-group IKE-SITE-A proposal 1 encryption 'aes256'
set vpn ipsec ike-group IKE-SITE-A proposal 1 hash 'sha256'
# ESP group - MUST MATCH Site A
set vpn ipsec esp-group ESP-SITE-A lifetime '3600'
set vpn ipsec esp-group ESP-SITE-A pfs 'dh-group14'
set vpn ipsec esp-group ESP-SITE-A proposal 1 encryption 'aes256'
set vpn ipsec esp-group ESP-SITE-A proposal 1 hash 'sha256'
set vpn ipsec interface 'eth0'
set vpn ipsec site-to-site peer SITE-A authentication local-id 'site-b@example.com'
set vpn ipsec site-to-site peer SITE-A authentication mode 'pre-shared-secret'
set vpn ipsec site-to-site peer SITE-A authentication pre-shared-secret 'YourVeryStrongPSKHere123!'
set vpn ipsec site-to-site peer SITE-A authentication remote-id 'site-a@example.com'
set vpn ipsec site-to-site peer SITE-A connection-type 'initiate'
set vpn ipsec site-to-site peer SITE-A default-esp-group 'ESP-SITE-A'
set vpn ipsec site-to-site peer SITE-A ike-group 'IKE-SITE-A'
set vpn ipsec site-to-site peer SITE-A local-address '198.51.100.1'
set vpn ipsec site-to-site peer SITE-A remote-address '203.0.113.1'
set vpn ipsec site-to-site peer SITE-A tunnel 1 local prefix '10.2.0.0/24'
set vpn ipsec site-to-site peer SITE-A tunnel 1 remote prefix '10.1.0.0/24'
commit
`.trimStart(),
};
