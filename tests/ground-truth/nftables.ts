/**
 * A firewall of `tests/arbitrary` as VyOS has the kernel enforce it: written from the specification of the site, and not
 * from what src/vyos/firewall reads, so that the one is held against the other. Source: vyos-1x
 * data/templates/firewall/nftables.j2, python/vyos/firewall.py.
 */
import { type FirewallSpec, type SiteSpec, sourceOf } from '../arbitrary/site-spec.ts';

/** The input of `nft -f`; empty where the site has no firewall. */
export function nftables(site: SiteSpec): string {
  const { firewall } = site;
  return firewall ? ([4, 6] as const).map((family) => table(site, firewall, family)).join('') : '';
}

function table(site: SiteSpec, { rules, defaultAction, named }: FirewallSpec, family: 4 | 6): string {
  const word = family === 4 ? 'ip' : 'ip6';
  const lines = rules.flatMap((rule) => {
    const address = rule.source && sourceOf(site, rule, family);
    if (rule.source && address === undefined) return [];
    return [
      [
        rule.state ? `ct state ${rule.state}` : '',
        rule.protocol ? `meta l4proto ${rule.protocol}` : '',
        address ? `${word} saddr ${address}` : '',
        rule.port ? `udp dport { ${rule.port} }` : '',
        'counter',
        rule.action,
      ]
        .filter((part) => part !== '')
        .join(' '),
    ];
  });
  const neighbours = family === 6 ? ['meta l4proto ipv6-icmp counter accept'] : [];
  const all = [...neighbours, ...lines, `counter ${defaultAction}`].map((line) => `    ${line}\n`).join('');
  const chain = named ? `  chain NAME_WAN-LOCAL {\n${all}  }\n` : '';
  const input = named ? '    counter jump NAME_WAN-LOCAL\n    counter accept\n' : all;
  return `table ${word} vyos_filter {\n${chain}  chain VYOS_INPUT_filter {\n    type filter hook input priority 0; policy accept;\n${input}  }\n}\n`;
}
