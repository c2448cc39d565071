/** Both notations of what strongSwan is given. Secrets are masked, and nothing of them is kept that could be shown. */
import type {
  AuthenticationSection,
  ChildSection,
  ConnectionSection,
  Leaf,
  SharedSecretSection,
  SwanctlConf,
} from '../ike/swanctl-conf.ts';
import type { ConnSection, IpsecConf, SecretLine } from './ipsec-conf.ts';

const mask = '********';

interface Block {
  readonly name: string;
  readonly lines: readonly (Line | Block)[];
}

type Line = readonly [key: string, value: string];

type Value = string | number | boolean | object;

/** How the leaf of a key is written; without one as it is. */
type Notation = (value: Value) => string;

const yesOrNo: Notation = (value) => (value === true ? 'yes' : 'no');
const seconds: Notation = (value) => `${value}s`;
/** Ids stand between their quotes as they are: VyOS escapes nothing. */
const quoted: Notation = (value) => `"${value}"`;

function asIs(value: Value): string {
  return typeof value === 'boolean' ? yesOrNo(value) : String(value);
}

/** A text of the dump as the value of a line: it must not begin another one. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ');
}

/** An address that the router is given is a remark, as VyOS writes it beside the address. */
function textOf({ value, masked }: Leaf<Value>, notation: Notation): string {
  return oneLine(masked === 'dhcp' ? `# dhcp:${value}` : notation(value));
}

type Leaves = Leaf<Value> | readonly Leaf<Value>[] | undefined;

/** The lines of the keys that are there, in the order of `keys`; a list that is empty is written only where `always` says so. */
function linesOf<Key extends string>(
  section: { readonly [Each in NoInfer<Key>]?: Leaves },
  keys: { readonly [Each in Key]: Notation },
  always: readonly string[] = [],
): readonly Line[] {
  return Object.entries<Notation>(keys).flatMap(([key, notation]): readonly Line[] => {
    const given: Leaves = section[key as Key];
    if (given === undefined) return [];
    const leaves = [given].flat().filter(({ implied }) => !implied);
    if (leaves.length === 0 && !always.includes(key)) return [];
    return [[key, leaves.map((leaf) => textOf(leaf, notation)).join(key === 'vips' ? ', ' : ',')]];
  });
}

function printBlocks(lines: readonly (Line | Block)[], indent = ''): string {
  return lines
    .map((line) => {
      if ('name' in line) {
        return `${indent}${line.name} {\n${printBlocks(line.lines, `${indent}    `)}${indent}}\n`;
      }
      const [key, value] = line;
      return `${indent}${key} = ${value}`.trimEnd().concat('\n');
    })
    .join('');
}

const connectionKeys = {
  proposals: asIs,
  version: asIs,
  vips: asIs,
  local_addrs: asIs,
  remote_addrs: asIs,
  send_cert: asIs,
  dpd_timeout: asIs,
  dpd_delay: asIs,
  aggressive: yesOrNo,
  rekey_time: seconds,
  // VyOS writes its 0 without a unit.
  reauth_time: (value: Value) => (value === 0 ? '0' : seconds(value)),
  over_time: seconds,
  rand_time: seconds,
  mobike: yesOrNo,
  keyingtries: asIs,
  encap: yesOrNo,
  childless: asIs,
  unique: asIs,
  ppk_id: quoted,
  ppk_required: yesOrNo,
};

const authenticationKeys = { id: quoted, auth: asIs, certs: asIs, pubkeys: asIs };

const childKeys = {
  esp_proposals: asIs,
  life_bytes: asIs,
  life_packets: asIs,
  life_time: seconds,
  rekey_bytes: asIs,
  rekey_packets: asIs,
  rekey_time: seconds,
  rand_time: seconds,
  local_ts: asIs,
  remote_ts: asIs,
  priority: asIs,
  ipcomp: yesOrNo,
  mode: asIs,
  start_action: asIs,
  dpd_action: asIs,
  close_action: asIs,
  replay_window: asIs,
  updown: quoted,
  mark_in: asIs,
  mark_out: asIs,
  if_id_in: asIs,
  if_id_out: asIs,
};

export function printSwanctlConf({ connections, secrets }: SwanctlConf): string {
  return printBlocks([
    { name: 'connections', lines: connections.map(connectionBlock) },
    { name: 'pools', lines: [] },
    {
      name: 'secrets',
      lines: [
        ...secrets.keys.map(({ name, file, secret }) => ({
          name,
          lines: [
            ...linesOf({ file }, { file: asIs }),
            ...(secret ? [['secret', quoted(mask)] as const] : []),
          ],
        })),
        ...secrets.ike.map((key) => secretBlock('ike', key)),
        ...secrets.ppk.map((key) => secretBlock('ppk', key)),
      ],
    },
  ]);
}

/** The names of ipsec.conf have dots and colons, which a section of swanctl.conf cannot. */
function sectionName(name: string): string {
  return oneLine(name).replaceAll(/[.:@]/g, '-');
}

function connectionBlock(section: ConnectionSection): Block {
  const end = (name: 'local' | 'remote', of: AuthenticationSection): Block => ({
    name,
    lines: linesOf(of, authenticationKeys),
  });
  return {
    name: sectionName(section.name),
    lines: [
      ...linesOf(section, connectionKeys, ['proposals']),
      end('local', section.local),
      end('remote', section.remote),
      { name: 'children', lines: section.children.map(childBlock) },
    ],
  };
}

function childBlock(section: ChildSection): Block {
  const isPolicy = section.mode.value === 'pass';
  return {
    name: sectionName(section.name),
    lines: linesOf(section, childKeys, isPolicy ? [] : ['esp_proposals']),
  };
}

/** An id that the router is given is left out: without a value it would stand for everybody. */
function secretBlock(kind: 'ike' | 'ppk', { name, ids }: SharedSecretSection): Block {
  const shown = ids.filter(({ masked }) => masked !== 'dhcp');
  return {
    name: `${kind}-${oneLine(name)}`,
    lines: [
      ...shown.map((id, index): Line => [`id-${index + 1}`, textOf(id, quoted)]),
      ['secret', quoted(mask)],
    ],
  };
}

const forEver: Notation = (value) => (value === 0 ? '%forever' : String(value));
const connKeys = {
  left: asIs,
  leftid: asIs,
  right: asIs,
  rightid: quoted,
  rekey: yesOrNo,
  rightsubnet: asIs,
  leftsubnet: asIs,
  ike: asIs,
  keyexchange: asIs,
  aggressive: yesOrNo,
  reauth: yesOrNo,
  mobike: yesOrNo,
  ikelifetime: seconds,
  dpddelay: seconds,
  dpdtimeout: seconds,
  dpdaction: asIs,
  closeaction: asIs,
  forceencaps: yesOrNo,
  esp: asIs,
  keylife: seconds,
  rekeymargin: seconds,
  type: asIs,
  compress: yesOrNo,
  authby: asIs,
  mark: asIs,
  leftupdown: quoted,
  auto: asIs,
  keyingtries: forEver,
};

/** ipsec.conf, and ipsec.secrets below it. */
export function printIpsecConf({ conns, secrets }: IpsecConf): string {
  return [
    '# ipsec.conf',
    'conn %default',
    '\tkeyexchange=ikev1',
    '',
    ...conns.flatMap((conn) => [`conn ${oneLine(conn.name)}`, ...connLines(conn), '']),
    '# ipsec.secrets',
    ...secrets.map(secretText),
    '',
  ].join('\n');
}

function connLines(conn: ConnSection): readonly string[] {
  return linesOf(conn, connKeys).map(([key, value]) => {
    // `!`: nothing but what is listed is taken.
    return `\t${key}=${value}${key === 'ike' || key === 'esp' ? '!' : ''}`;
  });
}

function secretText({ ids }: SecretLine): string {
  const owners = ids.filter(({ masked }) => masked !== 'dhcp').map((id) => `${textOf(id, asIs)} `);
  return `${owners.join('')}: PSK "${mask}"`;
}
