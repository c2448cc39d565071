/** Pairs of sites with what their routers do to the packets of IKE: interfaces, routes, destination NAT, a firewall. */
import fc from 'fast-check';
import { arbitraryPairOf, type PairSpec, toDump, walledPair } from './site.ts';

function withoutRoutes(dump: string): string {
  return dump.replace(/^set protocols static .*\n/gm, '');
}

/** With a VTI in place of the tunnels: only then a route can lead into the tunnel itself. */
function routeBased(dump: string): string {
  return dump.replace(/^(set vpn ipsec site-to-site peer \S+) tunnel .*$/gm, "$1 vti bind 'vti1'");
}

/** Two dumps. */
export interface RoutedPair {
  readonly a: string;
  readonly b: string;
}

interface Wan {
  readonly own: readonly [four: string, six: string];
  readonly gateway: readonly [four: string, six: string];
  readonly peer: readonly [four: string, six: string];
}

const wans: Readonly<Record<'a' | 'b', Wan>> = {
  a: {
    own: ['203.0.113.1', '2001:db8:a::1'],
    gateway: ['203.0.113.254', '2001:db8:a::fe'],
    peer: ['198.51.100.1', '2001:db8:b::1'],
  },
  b: {
    own: ['198.51.100.1', '2001:db8:b::1'],
    gateway: ['198.51.100.254', '2001:db8:b::fe'],
    peer: ['203.0.113.1', '2001:db8:a::1'],
  },
};

const natRule = fc.record({
  table: fc.constantFrom('nat', 'nat66'),
  interface: fc.constantFrom('eth0', 'eth0', 'eth1', undefined),
  port: fc.constantFrom('500', '4500', '500,4500', '443', undefined),
  source: fc.constantFrom('peer', 'other', 'group', undefined, undefined),
  exclude: fc.boolean(),
  translation: fc.constantFrom('inside', 'inside', 'own'),
});

const surroundings = fc.record({
  holder: fc.constantFrom('ethernet eth0', 'ethernet eth0', 'ethernet eth0', 'dummy dum0', undefined),
  route: fc.constantFrom('gateway', 'gateway', 'gateway', 'own vti', 'other vti', undefined),
  better: fc.boolean(),
  policy: fc.constantFrom(false, false, false, true),
  listed: fc.constantFrom<string[]>([], ['eth0'], ['eth1'], ['dum0'], ['eth0', 'dum0']),
  nat: fc.array(natRule, { maxLength: 2 }),
});

type Surroundings = typeof surroundings extends fc.Arbitrary<infer Drawn> ? Drawn : never;

function linesOf(
  { holder, route, better, policy, listed, nat }: Surroundings,
  { own, gateway, peer }: Wan,
): readonly string[] {
  const families = [0, 1] as const;
  const static4 = ['route', '0.0.0.0/0', '32'] as const;
  const static6 = ['route6', '::/0', '128'] as const;
  const through = route === 'own vti' ? 'vti1' : 'vti9';
  return [
    "set interfaces ethernet eth1 address '10.250.0.1/24'",
    ...(holder === 'dummy dum0' ? ["set interfaces ethernet eth0 address '192.0.2.33/24'"] : []),
    ...families.flatMap((family) => {
      const [kind, everywhere, length] = family === 0 ? static4 : static6;
      const at = `set protocols static ${kind}`;
      return [
        ...(holder ? [`set interfaces ${holder} address '${own[family]}/${family === 0 ? 24 : 64}'`] : []),
        ...(route === 'gateway' ? [`${at} ${everywhere} next-hop '${gateway[family]}'`] : []),
        ...(route?.endsWith('vti') ? [`${at} ${everywhere} interface '${through}'`] : []),
        ...(better ? [`${at} ${peer[family]}/${length} next-hop '${gateway[family]}'`] : []),
      ];
    }),
    ...(policy ? ["set policy local-route rule 5 set table '10'"] : []),
    ...listed.map((name) => `set vpn ipsec interface '${name}'`),
    ...nat.flatMap((rule, index) => {
      const at = `set ${rule.table} destination rule ${10 + index}`;
      const family = rule.table === 'nat' ? 0 : 1;
      const leaf = rule.table === 'nat' ? 'address' : 'prefix';
      const inside = rule.table === 'nat' ? '10.250.0.5' : '2001:db8:c::5';
      return [
        ...(rule.interface ? [`${at} inbound-interface name '${rule.interface}'`] : []),
        ...(rule.port ? [`${at} protocol 'udp'`, `${at} destination port '${rule.port}'`] : []),
        ...(rule.source === 'peer' ? [`${at} source ${leaf} '${peer[family]}'`] : []),
        ...(rule.source === 'other' ? [`${at} source ${leaf} '${own[family]}'`] : []),
        ...(rule.source === 'group' ? [`${at} source group address-group 'AWAY'`] : []),
        rule.exclude
          ? `${at} exclude`
          : `${at} translation address '${rule.translation === 'own' ? own[family] : inside}'`,
      ];
    }),
  ];
}

/** Most of the pairs agree in all but two things, so that it shows what the routers do. */
export const routedPair: fc.Arbitrary<RoutedPair> = fc
  .record({
    pair: fc.oneof<fc.Arbitrary<PairSpec>[]>(arbitraryPairOf(0), arbitraryPairOf(2), walledPair),
    a: surroundings,
    b: surroundings,
    bare: fc.constantFrom('a', 'b', undefined),
  })
  .map(({ pair, bare, ...around }) => {
    const sides = ['a', 'b'] as const;
    const hasVti = sides.some((side) => bare !== side && around[side].route === 'own vti');
    const written = (side: 'a' | 'b') => (hasVti ? routeBased : String)(toDump(pair[side]));
    const text = (side: 'a' | 'b') =>
      `${[withoutRoutes(written(side)).trimEnd(), ...(bare === side ? [] : linesOf(around[side], wans[side]))].join('\n')}\n`;
    return { a: text('a'), b: text('b') };
  });
