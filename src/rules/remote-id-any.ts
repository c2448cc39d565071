import { parseAddress } from '../ike/address.ts';
import type { Problem } from '../lint/finding.ts';
import type { SiteRule } from '../lint/rule.ts';
import type { LoadedSite } from '../strongswan/load-site.ts';
import { isAnyAddress } from '../vyos/addresses.ts';
import { locate } from './location.ts';
import { strongswan } from './sources.ts';

function* check({ site }: LoadedSite, index: number): Iterable<Problem> {
  for (const { name, disabled, authentication } of site.peers) {
    const { remoteId } = authentication;
    if (disabled || remoteId.origin.kind !== 'set' || !isAddressOfAny(remoteId.value)) continue;
    yield {
      message: `The remote-id ${remoteId.value} of peer ${name} accepts every identity`,
      consequence:
        'To strongSwan it is %any and no address: whoever has the secret is taken for this peer, whatever name it gives.',
      locations: [locate(index, remoteId, `${remoteId.value}: any identity`)],
    };
  }
}

/** Written as an address or a prefix, and read as any; who writes `%any` means it. */
function isAddressOfAny(text: string): boolean {
  const [address = '', length = '0'] = text.split('/');
  return parseAddress(address) !== undefined && isAnyAddress(address) && Number(length) === 0;
}

export const remoteIdAny: SiteRule = {
  id: 'remote-id-any',
  scope: 'site',
  summary: 'A remote-id looks like an address and stands for every identity.',
  severity: 'warning',
  notify: null,
  why:
    'strongSwan reads 0.0.0.0 and :: as %any, which every identity matches, and 0.0.0.0/0 matches every address. A peer with ' +
    'such a remote-id is known by its secret alone. It is what a local-address of 0.0.0.0 on the other side tempts to write: ' +
    'that router presents the address that it calls from.',
  mend: 'Set remote-id to the identity that the other side presents; to %any, where every identity is meant.',
  sources: [strongswan('src/libstrongswan/utils/identification.c')],
  bad: { b: "set vpn ipsec site-to-site peer SITE-A authentication remote-id '0.0.0.0'" },
  good: { b: "set vpn ipsec site-to-site peer SITE-A authentication remote-id '%any'" },
  check,
};
