import { admitting, type Commands, type CoverageCase, interfaces, patched, routeBased } from './case.ts';

const masquerade = [
  "set nat source rule 100 outbound-interface name 'eth0'",
  "set nat source rule 100 translation address 'masquerade'",
];

const exclude = (source: string, destination: string) => [
  'set nat source rule 10 exclude',
  "set nat source rule 10 outbound-interface name 'eth0'",
  `set nat source rule 10 source address '${source}'`,
  `set nat source rule 10 destination address '${destination}'`,
];

/** B's forward filter, which drops what no rule accepts. */
const forwarding = (...rules: readonly string[]): Commands => ({
  b: ["set firewall ipv4 forward filter default-action 'drop'", ...rules],
});

const answers = [
  "set firewall ipv4 forward filter rule 10 action 'accept'",
  "set firewall ipv4 forward filter rule 10 state 'established'",
  "set firewall ipv4 forward filter rule 10 state 'related'",
];

/** What stands in the way once the tunnel is up. */
export const traffic: readonly CoverageCase[] = [
  {
    number: 67,
    title: 'each side waits',
    sites: patched(routeBased, { both: ["set $peer connection-type 'respond'"] }),
    finds: ['warning nobody-initiates'],
  },
  {
    number: 67,
    title: 'each side restarts',
    sites: patched(routeBased, {
      b: ["set $peer connection-type 'initiate'", "set $ike dead-peer-detection action 'restart'"],
    }),
    finds: ['warning both-sides-restart'],
  },
  {
    number: 68,
    title: 'no exclude rule',
    sites: patched(interfaces, { a: masquerade }),
    finds: ['error source-nat-catches-tunnel'],
  },
  {
    number: 68,
    title: 'an exclude rule before it',
    sites: patched(interfaces, { a: [...exclude('10.1.0.0/24', '10.2.0.0/24'), ...masquerade] }),
    finds: [],
    only: true,
  },
  {
    number: 69,
    title: 'the masquerade takes the rest',
    sites: patched(interfaces, { a: [...exclude('10.1.0.0/25', '10.2.0.0/24'), ...masquerade] }),
    finds: ['error source-nat-catches-tunnel'],
  },
  {
    number: 69,
    title: 'no rule takes the rest',
    sites: patched(interfaces, { a: exclude('10.1.0.0/25', '10.2.0.0/24') }),
    finds: ['warning nat-exclude-incomplete'],
  },
  {
    number: 70,
    title: 'the translated address is the local prefix',
    sites: patched(interfaces, {
      a: [
        'delete $peer tunnel 1 local prefix',
        "set $peer tunnel 1 local prefix '172.30.0.1/32'",
        "set nat source rule 10 outbound-interface name 'eth0'",
        "set nat source rule 10 source address '10.1.0.0/24'",
        "set nat source rule 10 destination address '10.2.0.0/24'",
        "set nat source rule 10 translation address '172.30.0.1'",
        "set interfaces dummy dum0 address '172.30.0.1/32'",
      ],
      b: ['delete $peer tunnel 1 remote prefix', "set $peer tunnel 1 remote prefix '172.30.0.1/32'"],
    }),
    finds: [],
    only: true,
  },
  {
    number: 71,
    title: 'UDP 500 and 4500 alone are accepted',
    sites: patched(interfaces, admitting('destination port 500,4500')),
    finds: ['error firewall-drops-esp'],
  },
  {
    number: 71,
    title: 'force-udp-encapsulation',
    sites: patched(interfaces, admitting('destination port 500,4500'), {
      both: ['set $peer force-udp-encapsulation'],
    }),
    finds: [],
    only: true,
  },
  {
    number: 72,
    title: 'the forward filter accepts answers alone',
    sites: patched(interfaces, forwarding(...answers)),
    finds: ['warning firewall-drops-tunnel-traffic'],
  },
  {
    number: 72,
    title: 'the forward filter accepts nothing',
    sites: patched(interfaces, forwarding()),
    finds: ['error firewall-drops-tunnel-traffic'],
  },
  {
    number: 72,
    title: 'the forward filter of a VTI accepts answers alone',
    sites: patched(interfaces, routeBased, forwarding(...answers)),
    finds: ['warning firewall-drops-tunnel-traffic'],
  },
  {
    number: 72,
    title: 'the forward filter accepts the prefixes',
    sites: patched(
      interfaces,
      forwarding(
        ...answers,
        "set firewall ipv4 forward filter rule 20 action 'accept'",
        "set firewall ipv4 forward filter rule 20 source address '10.1.0.0/24'",
        "set firewall ipv4 forward filter rule 20 destination address '10.2.0.0/24'",
        "set firewall ipv4 forward filter rule 30 action 'accept'",
        "set firewall ipv4 forward filter rule 30 source address '10.2.0.0/24'",
      ),
    ),
    finds: [],
    only: true,
  },
  {
    number: 74,
    title: 'a VTI without mtu and adjust-mss',
    sites: patched(routeBased, {
      a: ['delete interfaces vti vti0 mtu', 'delete interfaces vti vti0 ip'],
    }),
    finds: ['info vti-mtu-unset'],
  },
  ...['172.16.0.1/30', '172.31.0.2/30'].map(
    (address): CoverageCase => ({
      number: 75,
      title: `A has 172.16.0.1/30, B ${address}`,
      sites: patched(routeBased, {
        b: ['delete interfaces vti vti0 address', `set interfaces vti vti0 address '${address}'`],
      }),
      finds: ['warning vti-address-mismatch'],
    }),
  ),
  {
    number: 76,
    title: 'none into the VTI',
    sites: patched(interfaces, routeBased, { a: ['delete protocols static route 10.2.0.0/24'] }),
    finds: ['warning vti-without-route'],
  },
  {
    number: 76,
    title: 'none to the peer',
    sites: patched(interfaces, { a: ['delete protocols static route'] }),
    finds: ['warning no-route-to-peer'],
  },
  {
    number: 77,
    title: 'the default route leads into the VTI',
    sites: patched(interfaces, routeBased, {
      a: ['delete protocols static route', "set protocols static route 0.0.0.0/0 interface 'vti0'"],
    }),
    finds: ['error peer-routed-into-tunnel'],
  },
  {
    number: 78,
    title: 'on A alone',
    sites: patched({ a: ['set $peer force-udp-encapsulation'] }),
    finds: [],
    only: true,
  },
  {
    number: 78,
    title: 'on A alone, and B drops UDP 4500',
    sites: patched(interfaces, admitting('destination port 500', 'protocol esp'), {
      a: ['set $peer force-udp-encapsulation'],
    }),
    finds: ['error firewall-drops-nat-t'],
  },
  {
    number: 79,
    title: 'MOBIKE, and two ways out',
    sites: patched(routeBased, interfaces, {
      both: ['delete $ike disable-mobike'],
      a: [
        "set interfaces ethernet eth2 address '192.0.2.10/24'",
        "set protocols static route 0.0.0.0/0 next-hop '192.0.2.254'",
      ],
    }),
    finds: ['info vti-mobike'],
  },
];
