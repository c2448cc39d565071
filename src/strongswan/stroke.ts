/**
 * What charon has of an ipsec.conf and ipsec.secrets, in the words of swanctl.conf. Source: strongSwan
 * src/starter/confread.c and starterstroke.c, src/libcharon/plugins/stroke/stroke_config.c and stroke_cred.c.
 */
import { isUnspecified, parseAddress } from '../ike/address.ts';
import { readSelector } from '../ike/load.ts';
import type {
  CharonSection,
  ChildSection,
  ConnectionSection,
  Leaf,
  SharedSecretSection,
  SwanctlConf,
} from '../ike/swanctl-conf.ts';
import type { ConnSection, IpsecConf, SecretLine } from './ipsec-conf.ts';
import { written } from './leaves.ts';

export function throughStroke({ conns, secrets }: IpsecConf, charon: CharonSection): SwanctlConf {
  const names = [...new Set(conns.map(({ connection: { value } }) => value))];
  return {
    connections: names.flatMap((name) => {
      const [first, ...others] = conns.filter((conn) => conn.connection.value === name);
      return first ? [connection(name, [first, ...others])] : [];
    }),
    secrets: { ike: secrets.map(sharedSecret), ppk: [], keys: [] },
    charon,
  };
}

function withLeaf<T, U>(leaf: Leaf<T>, value: U): Leaf<U> {
  return { ...leaf, value };
}

const versions = { ike: 0, ikev1: 1, ikev2: 2 } as const;

/** charon joins the sections of a peer under the name of the first (stroke_config.c, add). */
function connection(name: string, all: readonly [ConnSection, ...ConnSection[]]): ConnectionSection {
  const [first] = all;
  const { keyexchange, authby, aggressive, mobike, keyingtries } = first;
  const auth = withLeaf(authby, authby.value === 'secret' ? ('psk' as const) : ('pubkey' as const));
  return {
    name,
    origin: first.connection.origin,
    proposals: first.ike,
    version: keyexchange ? withLeaf(keyexchange, versions[keyexchange.value]) : withLeaf(first.left, 0),
    vips: [],
    local_addrs: [withLeaf(first.left, isAny(first.left.value) ? '%any' : first.left.value)],
    remote_addrs: first.right,
    ...ikeTimes(first),
    ...written<Partial<ConnectionSection>>({
      dpd_timeout: first.dpdtimeout,
      dpd_delay: first.dpddelay,
      aggressive,
      mobike,
      keyingtries,
      encap: first.forceencaps,
    }),
    local: {
      origin: first.left.origin,
      ...written<Pick<ConnectionSection['local'], 'id'>>({ id: localId(first) }),
      auth,
    },
    remote: { origin: first.origin, id: remoteId(first), auth },
    children: all.map(child),
    ...(all.every(isRead) ? {} : { unread: true }),
  };
}

/** starter passes over a section with a subnet that it cannot read. */
function isRead({ leftsubnet, rightsubnet }: ConnSection): boolean {
  return [leftsubnet, rightsubnet].every((leaf) => !leaf || leaf.masked || readSelector(leaf.value));
}

function isAny(text: string): boolean {
  return text === '%any' || text === '%defaultroute';
}

/** An end without an id goes by its address, where that is a certain one. */
function localId({ left, leftid }: ConnSection): Leaf<string> | undefined {
  if (leftid && leftid.value !== '%fromcert') return leftid;
  const address = left.masked ? undefined : parseAddress(left.value);
  return address === undefined || isUnspecified(address) ? undefined : left;
}

/** An end without an id is the first of its addresses. */
function remoteId({ left, right: [right], rightid }: ConnSection): Leaf<string> {
  if (!rightid?.implied) return rightid ?? right ?? withLeaf(left, '%any');
  return right ? { ...right, origin: rightid.origin } : withLeaf(rightid, '%any');
}

type IkeTimes = Pick<ConnectionSection, 'rekey_time' | 'reauth_time' | 'over_time' | 'rand_time'>;

/**
 * `ikelifetime` is the hard limit; the soft one is a margin before it, and up to as much again (rekeyfuzz 100 %). Unless
 * `reauth=no` says otherwise the peers then authenticate anew, which in IKEv1 is the only way.
 */
function ikeTimes({ rekey, ikelifetime, rekeymargin, reauth, keyexchange }: ConnSection): IkeTimes {
  if (rekey) {
    const never = withLeaf<unknown, number>(ikelifetime ?? rekey, 0);
    return { rekey_time: never, over_time: never, rand_time: never };
  }
  if (!ikelifetime || !rekeymargin) return {};
  const soft = withLeaf(ikelifetime, ikelifetime.value - rekeymargin.value);
  const isRekeyed = keyexchange?.value === 'ikev1' || reauth?.value === false;
  return {
    ...(isRekeyed ? { rekey_time: soft } : { rekey_time: withLeaf(soft, 0), reauth_time: soft }),
    over_time: rekeymargin,
    rand_time: rekeymargin,
  };
}

/** Without rekeying starter hands over no lifetime at all. */
function childTimes({ rekey, keylife, rekeymargin }: ConnSection): Partial<ChildSection> {
  if (rekey) {
    const never = withLeaf<unknown, number>(keylife ?? rekey, 0);
    return { life_time: never, rekey_time: never, rand_time: never };
  }
  if (!keylife || !rekeymargin) return {};
  return {
    life_time: keylife,
    rekey_time: withLeaf(keylife, keylife.value - rekeymargin.value),
    rand_time: rekeymargin,
  };
}

const actions = { start: 'start', route: 'trap', add: 'none' } as const;

function child(conn: ConnSection): ChildSection {
  const { name, shortName, origin, esp, leftsubnet, rightsubnet, type, auto, mark, closeaction } = conn;
  const id = mark && withLeaf(mark, Number.parseInt(mark.value, 10) || 0);
  return {
    name,
    shortName,
    origin,
    esp_proposals: esp,
    local_ts: leftsubnet ? [leftsubnet] : [],
    remote_ts: rightsubnet ? [rightsubnet] : [],
    mode: type.value === 'passthrough' ? withLeaf(type, 'pass') : withLeaf(type, type.value),
    start_action: withLeaf(auto, actions[auto.value]),
    ...childTimes(conn),
    ...written<Partial<ChildSection>>({
      ipcomp: conn.compress,
      dpd_action: conn.dpdaction,
      close_action: closeaction,
      updown: conn.leftupdown,
      mark_in: id,
      mark_out: id,
    }),
  };
}

/** The ids stand there without quotes, so that one with blanks becomes several (stroke_cred.c, load_shared). */
function sharedSecret({ name, origin, ids, secret }: SecretLine): SharedSecretSection {
  const words = (id: Leaf<string>) =>
    id.masked
      ? [id]
      : id.value.split(/\s+/).flatMap((word) => (word === '' ? [] : [withLeaf(id, escaped(word))]));
  return { name, origin, ids: ids.flatMap(words), secret };
}

function escaped(text: string): string {
  return text.replaceAll(/["\\]/g, '\\$&');
}
