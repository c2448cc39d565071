import type { RuleSource } from '../lint/rule.ts';

/** A section of an RFC. */
export function rfc(number: number, section: string): RuleSource {
  return {
    title: `RFC ${number}, section ${section}`,
    url: `https://www.rfc-editor.org/rfc/rfc${number}#section-${section}`,
  };
}

/** A file of strongSwan's source, where the behaviour was read. */
export function strongswan(file: string): RuleSource {
  return {
    title: `strongSwan: ${file}`,
    url: `https://github.com/strongswan/strongswan/blob/5.9.14/${file}`,
  };
}

/** A file of VyOS's source. */
export function vyos(file: string): RuleSource {
  return { title: `VyOS: ${file}`, url: `https://github.com/vyos/vyos-1x/blob/current/${file}` };
}

/** A pull request of VyOS, for what is newer than the documents. */
export function vyosPullRequest(number: number, task: string): RuleSource {
  return {
    title: `VyOS: pull request ${number} (${task})`,
    url: `https://github.com/vyos/vyos-1x/pull/${number}`,
  };
}

export const vyosManual: RuleSource = {
  title: 'VyOS documentation: site-to-site IPsec',
  url: 'https://docs.vyos.io/en/latest/configuration/vpn/ipsec/site2site_ipsec.html',
};

/** For rules about what the user tells this tool. */
export const thisTool: RuleSource = {
  title: 'vyos-ipsec-lint: configuration',
  url: 'https://github.com/vyos-ipsec-lint/vyos-ipsec-lint/blob/main/docs/configuration.md',
};
