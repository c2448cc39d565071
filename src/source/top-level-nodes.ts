/**
 * The nodes at the root of VyOS's configuration in some release from 1.2 on: vyos-1x interface-definitions, vyatta-cfg-*.
 * The words by which a text is told to be a configuration at all, and so known before any of it is read.
 */
export const TOP_LEVEL_NODES: readonly string[] = (
  'cluster container firewall high-availability interfaces load-balancing nat nat64 nat66 netns ' +
  'pki policy protocols qos service system traffic-policy vpn vrf zone-policy'
).split(' ');

/** They, and those of 1.1 and of VyOS's relatives EdgeOS and vRouter. */
export const TOP_LEVEL_WORDS: readonly string[] = [
  ...TOP_LEVEL_NODES,
  ...['custom-attribute', 'load-balance', 'port-forward', 'qos-policy', 'resources', 'security'],
];
