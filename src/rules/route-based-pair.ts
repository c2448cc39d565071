import type { ExamplePatch } from '../lint/rule.ts';

/** The example pair with a VTI on both sides in place of its tunnels, as the rules about VTIs need it. */
export const routeBasedPair: Readonly<Record<'a' | 'b', string>> = {
  a: side('B', '10.255.0.1/30', '10.2.0.0/24'),
  b: side('A', '10.255.0.2/30', '10.1.0.0/24'),
};

function side(facing: 'A' | 'B', address: string, remote: string): string {
  return [
    `delete vpn ipsec site-to-site peer SITE-${facing} tunnel`,
    `set vpn ipsec site-to-site peer SITE-${facing} vti bind 'vti0'`,
    'set vpn ipsec options disable-route-autoinstall',
    `set interfaces vti vti0 address '${address}'`,
    "set interfaces vti vti0 mtu '1438'",
    `set protocols static route ${remote} interface vti0`,
  ].join('\n');
}

/** The route-based pair with a rule's commands appended. */
export function onRouteBasedPair(patch: ExamplePatch): ExamplePatch {
  const append = (text: string, lines: string | undefined) =>
    lines === undefined ? text : `${text}\n${lines}`;
  return { a: append(routeBasedPair.a, patch.a), b: append(routeBasedPair.b, patch.b) };
}
