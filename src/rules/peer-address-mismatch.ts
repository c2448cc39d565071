import { parseAddress } from '../ike/address.ts';
import type { Reason } from '../ike/outcome.ts';
import type { Problem } from '../lint/finding.ts';
import type { LinkRule } from '../lint/rule.ts';
import { type End, inTurn, type Link } from '../pairing/link.ts';
import { isAnyAddress } from '../vyos/addresses.ts';
import { deleteCommand, setCommand } from '../vyos/command.ts';
import { isMasked } from '../vyos/schema/index.ts';
import type { Setting } from '../vyos/setting.ts';
import { localAddressOf, remoteAddressesOf } from './end-addresses.ts';
import { locate, locatePeer, peerPath } from './location.ts';
import { mendOf } from './mend.ts';
import { evidenceOf, isNonEmpty, type Occurrence, occurrencesOf } from './occurrence.ts';
import { rfc, strongswan, vyosManual } from './sources.ts';

/** The addresses at which an end is seen: its own, or the NAT's. Undefined where any will do. */
function addressOf(end: End): string | undefined {
  const local = end.nat?.outside ?? textOf(localAddressOf(end));
  return local !== undefined && isAnyAddress(local) ? undefined : local;
}

function textOf(setting: Setting<unknown> | undefined): string | undefined {
  return setting && String(setting.value);
}

/** All addresses at which an end may be: with local-address any those of its interfaces. None where it is masked. */
function addressesOf(end: End): ReadonlySet<string> {
  const one = addressOf(end);
  if (one !== undefined && isMasked(one)) return new Set();
  if (one === undefined && end.daemon.hasOtherAddresses) return new Set();
  return new Set(one === undefined ? end.daemon.addresses : [parseAddress(one) ?? one]);
}

/** Whether `caller`'s remote-address does not hold the address of the end that it faces. */
function misses(caller: End, facing: End): boolean {
  const targets = addressesOf(facing);
  const remotes = remoteAddressesOf(caller).map(({ value }) => String(value));
  if (targets.size === 0 || remotes.length === 0 || remotes.includes('any')) return false;
  if (remotes.some(isMasked)) return false;
  return !remotes.some((remote) => targets.has(parseAddress(remote) ?? remote));
}

/** strongSwan calls only the first address of the list. */
function callsAnother(caller: End, facing: End): boolean {
  const first = textOf(remoteAddressesOf(caller)[0]);
  const targets = addressesOf(facing);
  if (first === undefined || targets.size === 0 || first === 'any' || isMasked(first)) return false;
  return !targets.has(parseAddress(first) ?? first);
}

/** A side that has no address of the family that it is to call cannot even begin. */
const reasons: ReadonlySet<Reason> = new Set(['no-response', 'no-ike-config', 'cannot-initiate']);

function* check(link: Link): Iterable<Problem> {
  const found = occurrencesOf(link, ({ reason, detail }) => reasons.has(reason) && !detail?.dropped);
  for (const [caller, facing] of inTurn(link)) {
    const calls = found.filter(
      ({ failure, initiator }) =>
        failure.reason !== 'no-ike-config' && initiator.side === caller.side && callsAnother(caller, facing),
    );
    // The router answers at the address that is called, and its peer is configured for another of its addresses.
    const elsewhere = callsAnother(caller, facing) ? found.filter((item) => refusedBy(item, facing)) : [];
    const answers = misses(caller, facing) ? found.filter((item) => refusedBy(item, caller)) : [];
    const occurrences = [...calls, ...elsewhere, ...answers];
    if (isNonEmpty(occurrences)) yield problem(caller, facing, occurrences);
  }
}

/** `caller` is called and has no configuration for where the call comes from, whatever the version. */
function refusedBy({ failure, responder, negotiation }: Occurrence, caller: End): boolean {
  const version = responder.connection?.version;
  return (
    failure.reason === 'no-ike-config' &&
    responder.side === caller.side &&
    version !== undefined &&
    (version === 0 || version === negotiation.ikeVersion)
  );
}

function problem(caller: End, facing: End, occurrences: readonly [Occurrence, ...Occurrence[]]): Problem {
  const settings = remoteAddressesOf(caller);
  const [first] = settings;
  const called = settings.map(({ value }) => String(value));
  const remotes = called.join(', ');
  const target = addressOf(facing);
  const other = localAddressOf(facing);
  const path = peerPath(caller, 'remote-address');
  // With local-address any it is at all addresses of its interfaces, and the one that is called is not among them.
  const where = facing.nat
    ? `${target} (a NAT before ${other?.value ?? 'it'})`
    : (target ?? 'the addresses of its interfaces');
  const refused = occurrences.filter(({ failure }) => failure.reason === 'no-ike-config');
  const answered = refused.some(({ responder }) => responder.side === caller.side);
  const elsewhere = refused.some(({ responder }) => responder.side === facing.side);
  const unheard = occurrences.some(({ failure }) => failure.reason === 'no-response');
  const unable = occurrences.some(({ failure }) => failure.reason === 'cannot-initiate');
  const [x, y] = [caller.name, facing.name];
  return {
    message: `${x} expects its peer at ${remotes}, ${y} is at ${where}`,
    consequence: [
      unheard ? `When ${x} calls, nobody answers, and it gives up after its retransmits.` : '',
      unable ? `${x} cannot call: it has no address of the other family.` : '',
      elsewhere
        ? `When ${x} calls, ${y} has no configuration for the address that is called and refuses.`
        : '',
      answered ? `When ${y} calls, ${x} has no configuration for that address and refuses.` : '',
    ]
      .filter((sentence) => sentence !== '')
      .join(' '),
    ...evidenceOf(occurrences),
    locations: [
      first ? locate(caller.site, first, remotes) : locatePeer(caller, 'no remote-address'),
      other ? locate(facing.site, other, where) : locatePeer(facing, 'no local-address'),
    ],
    fix:
      target === undefined
        ? []
        : mendOf(caller.site, [
            ...called.flatMap((value) => (value === target ? [] : [deleteCommand(path, value)])),
            ...(called.includes(target) ? [] : [setCommand(path, target)]),
          ]),
  };
}

export const peerAddressMismatch: LinkRule = {
  id: 'peer-address-mismatch',
  scope: 'link',
  summary: 'A remote-address is not the address of the peer that it faces.',
  severity: 'error',
  notify: 'NO_PROPOSAL_CHOSEN',
  why:
    'A router calls the first remote-address of a peer and takes calls from any of them. A call to an address where ' +
    'nobody listens is retransmitted and given up; a call from an address that is not expected is answered with ' +
    'NO_PROPOSAL_CHOSEN, although no proposal was ever looked at: the responder logs "no IKE config found".',
  mend: 'Set remote-address to the local-address of the other side, or to the public address of the NAT before it.',
  sources: [
    rfc(7296, '2.1'),
    strongswan('src/libcharon/config/backend_manager.c'),
    strongswan('src/libcharon/config/ike_cfg.c'),
    vyosManual,
  ],
  bad: {
    b: "delete vpn ipsec site-to-site peer SITE-A remote-address\nset vpn ipsec site-to-site peer SITE-A remote-address '203.0.113.99'",
  },
  good: { b: "set vpn ipsec site-to-site peer SITE-A remote-address '203.0.113.1'" },
  check,
};
