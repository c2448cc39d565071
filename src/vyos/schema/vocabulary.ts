import { parseAddress } from '../../ike/address.ts';
import { TOP_LEVEL_NODES } from '../../source/top-level-nodes.ts';
import type { SchemaChildren } from './node.ts';
import { schemaRoot } from './root.ts';

/**
 * Whether a text is a word that VyOS itself would print there, or a number or an address: what gives away nothing of
 * whoever wrote a dump. A secret that is one of these cannot be told from it.
 */
export function isPlain(text: string): boolean {
  return (
    vocabulary.has(text) || /^\d{1,5}$/.test(text) || isInterface(text) || isAddress(text) || MASK.test(text)
  );
}

/** What `strip-private` leaves of an address or a secret, and stars. */
const MASK =
  /^(?:[xX]{4,}|\*{3,}|[xX]{3}\.[xX]{3}(?:\.\d{1,3}){2}(?:\/\d{1,2})?|[xX]{4}:[xX]{4}:[\da-fA-F:]*(?:\/\d{1,3})?)$/;

function isAddress(text: string): boolean {
  const [range = '', length, ...more] = text.split('/');
  if (more.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return false;
  const ends = range.split('-');
  return ends.length <= 2 && ends.every((end) => parseAddress(end) !== undefined);
}

const INTERFACE =
  /^(?:lo|(?:bond|br|dum|eth|geneve|gnv|ifb|l2tpeth|lan|lo|macsec|peth|pppoe|sstpc|tun|veth|vti|vtun|vxlan|wan|wg|wlan|wlm|wwan)\d{1,4}(?:v\d{1,4})?(?:\.\d{1,4}){0,2})$/;

function isInterface(text: string): boolean {
  return INTERFACE.test(text);
}

/** Names and listed values of a part of the schema, in any release. */
function wordsOf(children: SchemaChildren): readonly string[] {
  return Object.entries(children).flatMap(([name, forms]) => {
    const all = [forms].flat();
    return [
      name,
      ...all.flatMap(({ values = [], children: below = {}, synonyms = [] }) => [
        ...values.flatMap((rule) => (rule.kind === 'enum' ? rule.of : [])),
        ...synonyms.flat(),
        ...wordsOf(below),
      ]),
    ];
  });
}

/** Nodes and values beside those that the schema holds: vyos-1x interface-definitions, vyatta-cfg-*. */
const BESIDE = `
  accept access-list acme action add-address-to-group advertise-interval all allow-client allow-from any area arp as-path
  authentication authorization auto autoconf autonegotiation bfd bgp broadcast ca cache-size certificate cipher client
  client-ip-pool client-subnet clients cluster commands commit-archive commit-revisions common-name community
  config-management conntrack conntrack-helper conntrack-sync contact container continue crl crypt-ra default
  default-information default-originate default-route default-router deny destination-port device dh-params dhcp
  dhcp-interface dhcp-server dhcpv6 dhcpv6-pd dhcpv6-server dns domain-name domain-search drop duplex dynamic dynamic-dns
  ebgp-multihop enable encrypted-password encryption esp established events external facility failover fib flow-accounting
  forwarding fqdn full-duplex fwmark gateway-address global global-config gre group half-duplex hello-interval
  hello-source-address host-name http https hw-id icmp icmpv6 id igmp import inbound invalid ip ipoe-server ipsec
  ipsec-settings ipv4-unicast ipv6-unicast isis keepalive key key-pair l2tp lease level lldp listen-address listen-port
  local local-as local-host local-id local-port local-route local-route6 location log-level log-options login loopback
  mac mac-address map-to masquerade match max-links mdns metric mode mppe multicast mss name name-server nat neighbor
  network new next-hop nhrp no none ntp offload offload-target openconnect openvpn ospf ospfv3 outbound p2p parameters
  passive-interface passphrase password peer peer-group permanent permit persistent-tunnel pki plaintext-password policy
  port pppoe pppoe-server pptp prefer preempt prefix-list pre-shared-secret preshared-key priority private-key
  private probe protocol proxy-arp public public-key public-keys queue queue-options radius random range raw redistribute
  reject related relay remote remote-as remote-host remote-port request respond restart return rfc3768-compatibility rip
  ripng ro root route-map router-id router-advert rps rsa-keys rsa-key-name rw secret security server service session
  set sfp sftp shared-network-name snmp soft-reconfiguration speed ssh ssid sstp start static-mapping statistics status
  stop subnet synproxy syslog sysctl system tcp tcp-mss tcp_udp task-scheduler telnet time-zone traps trap-target
  translation ttl tunnel type udp unicast up update-source user username user-data users v3 version vip
  virtual-address vrid vrrp vrf wan-load-balancing webproxy wpa zone
  aes des md5 sha sha1 pap chap mschap mschap-v2 eap tls x509 ip6ip6 ipip sit gretap ip6gre 802.1q
  limit rate burst time weekdays startdate stopdate starttime stoptime utc recent count connection-status nat-status
  packet-length packet-length-exclude packet-type hop-limit eq gt lt dscp dscp-exclude inbound-bridge jump vlan mark
  flags ack syn fin rst psh urg cwr ecn type-name code geoip country-code inverse-match snapshot-length queue-threshold
  checksum sequence connection-mark minute hour second day
  ssh-rsa ssh-ed25519 inet inet6 true false yes exclude
`;

const vocabulary: ReadonlySet<string> = new Set([
  ...wordsOf(schemaRoot),
  ...TOP_LEVEL_NODES,
  ...BESIDE.split(/\s+/).filter((word) => word !== ''),
]);
