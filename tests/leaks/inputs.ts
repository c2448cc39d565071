import { places } from './places.ts';

/** Numbers from 0 up to 1, the same for the same seed. */
export type Random = () => number;

/** mulberry32 */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function pick<T>(random: Random, of: readonly [T, ...T[]] | readonly T[]): T {
  const found = of[Math.floor(random() * of.length)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
}

/** What is left out, as the run prints it: such a secret cannot be told from what VyOS itself writes. */
export const leftOut =
  'left out: secrets that are a word of VyOS, a number of at most five digits or an address; ' +
  'looked for: the secret, and each eight characters of it in a row';

const LETTERS = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ';
const ALL = `${LETTERS}23456789`;

function letters(random: Random, of: string, length: number): string {
  return Array.from({ length }, () => of.charAt(Math.floor(random() * of.length))).join('');
}

/** Kinds of secrets; each holds no word of VyOS. */
const secretKinds: readonly ((random: Random) => string)[] = [
  (random) => letters(random, ALL, 14),
  (random) => letters(random, ALL, 14),
  (random) => letters(random, LETTERS.slice(0, 25), 8),
  (random) => letters(random, ALL, 32),
  (random) => letters(random, '0123456789abcdef', 32),
  (random) => letters(random, '0123456789', 12),
  (random) => `${letters(random, `${ALL}+/`, 43)}=`,
  (random) => `$6$${letters(random, ALL, 8)}$${letters(random, `${ALL}./`, 24)}`,
  (random) => `${letters(random, ALL, 6)}!${letters(random, ALL, 6)}#x`,
  (random) => `${letters(random, ALL, 5)}&${letters(random, ALL, 5)};<${letters(random, ALL, 4)}>`,
  (random) => `${letters(random, ALL, 9)}{${letters(random, ALL, 9)}}`,
  (random) => `ü${letters(random, ALL, 10)}ß`,
  (random) => `${letters(random, ALL, 9)}@${letters(random, ALL, 9)}.net`,
];

const quotings: readonly ((secret: string) => string)[] = [
  (secret) => `'${secret}'`,
  (secret) => `'${secret}'`,
  (secret) => `"${secret}"`,
  (secret) => (/[\s#'"&;<>{}]/.test(secret) ? `'${secret}'` : secret),
  (secret) => `‘${secret}’`,
  (secret) => `“${secret}”`,
  (secret) => `\`${secret}\``,
  (secret) => `&#39;${secret}&#39;`,
  (secret) => `\\'${secret}\\'`,
  (secret) => `'${secret}`,
  (secret) => `${secret}'`,
];

/** What befalls the line. `secret` is as it stands in it, quotes and all. */
type Damage = (line: string, secret: string, random: Random) => string;

function words(line: string): string[] {
  return line.split(' ');
}

function somewhere(line: string, random: Random): number {
  return Math.floor(random() * line.length);
}

function slipped(word: string, random: Random): string {
  const at = Math.floor(random() * word.length);
  const how = random();
  if (how < 0.4) return word.slice(0, at) + word.slice(at + 1);
  if (how < 0.7) return word.slice(0, at) + word.charAt(at) + word.slice(at);
  return word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2);
}

const damages: Readonly<Record<string, Damage>> = {
  none: (line) => line,
  'word dropped': (line, secret, random) => {
    const all = words(line);
    const droppable = all.flatMap((word, index) => (secret.includes(word) ? [] : [index]));
    return all.toSpliced(pick(random, droppable), 1).join(' ');
  },
  'two words dropped': (line, secret, random) => {
    const all = words(line);
    const droppable = all.flatMap((word, index) => (secret.includes(word) ? [] : [index]));
    const at = pick(random, droppable.slice(0, -1));
    return all.toSpliced(at, 2).join(' ').includes(secret) ? all.toSpliced(at, 2).join(' ') : line;
  },
  'words swapped': (line, _, random) => {
    const all = words(line);
    const at = Math.floor(random() * (all.length - 1));
    return all.toSpliced(at, 2, all[at + 1] ?? '', all[at] ?? '').join(' ');
  },
  misspelt: (line, secret, random) => {
    const all = words(line);
    const at = pick(
      random,
      all.flatMap((word, index) => (secret.includes(word) ? [] : [index])),
    );
    return all.with(at, slipped(all[at] ?? '', random)).join(' ');
  },
  'misspelt twice': (line, secret, random) => {
    const all = words(line);
    const places = all.flatMap((word, index) => (secret.includes(word) ? [] : [index]));
    const [one, other] = [pick(random, places), pick(random, places)];
    return all
      .map((word, index) => (index === one || index === other ? slipped(word, random) : word))
      .join(' ');
  },
  'capital verb': (line) => line.replace(/^set/, 'Set'),
  'upper case': (line, secret) => line.replace(secret, '\0').toUpperCase().replace('\0', secret),
  'no verb': (line) => line.replace(/^set /, ''),
  'lost letter': (line) => line.slice(1),
  prompt: (line) => `vyos@r1# ${line}`,
  'odd prompt': (line) => `admin@edge-7:~$ ${line}`,
  bullet: (line) => `- ${line}`,
  star: (line) => `* ${line}`,
  dot: (line) => `• ${line}`,
  quotation: (line) => `> ${line}`,
  pipe: (line) => `| ${line} |`,
  hash: (line) => `# ${line}`,
  'hash glued': (line) => `#${line}`,
  slashes: (line) => `// ${line}`,
  number: (line) => `12: ${line}`,
  'comment behind': (line) => `${line} # the old one`,
  'comment glued': (line) => `${line}# old`,
  'quote lost': (line, _, random) => {
    const quotes = [...line.matchAll(/['"`‘’“”]/g)].map(({ index }) => index);
    if (quotes.length === 0) return line;
    const at = pick(random, quotes);
    return line.slice(0, at) + line.slice(at + 1);
  },
  'quote added': (line, _, random) => {
    const at = somewhere(line, random);
    return `${line.slice(0, at)}'${line.slice(at)}`;
  },
  'quote moved': (line, _, random) => {
    const at = line.indexOf("'");
    if (at < 0) return line;
    const bare = line.slice(0, at) + line.slice(at + 1);
    const to = somewhere(line.slice(0, at + 1), random);
    return `${bare.slice(0, to)}'${bare.slice(to)}`;
  },
  'quotes around words': (line, secret, random) => {
    const all = words(line.replace(secret, secret.replace(/^'|'$/g, '')));
    const at = 1 + Math.floor(random() * (all.length - 1));
    return [...all.slice(0, at), `'${all.slice(at).join(' ')}'`].join(' ');
  },
  'double quotes around words': (line, secret, random) => {
    const all = words(line.replace(secret, secret.replace(/^['"]|['"]$/g, '')));
    const at = 1 + Math.floor(random() * (all.length - 1));
    return [...all.slice(0, at), `"${all.slice(at).join(' ')}"`].join(' ');
  },
  'all in quotes': (line, secret) => `'${line.replace(secret, secret.replace(/^['"]|['"]$/g, ''))}'`,
  'line wrapped': (line, secret) => {
    const at = line.indexOf(secret);
    return at < 1 ? line : `${line.slice(0, at - 1)}\n    ${line.slice(at)}`;
  },
  'wrapped by a backslash': (line, secret) => line.replace(` ${secret}`, ` \\\n    ${secret}`),
  'wrapped within': (line, _, random) => {
    const at = somewhere(line, random);
    return `${line.slice(0, at)}\n${line.slice(at)}`;
  },
  delete: (line) => line.replace(/^set/, 'delete'),
  comment: (line, secret) =>
    line.replace(/^set/, 'comment').replace(secret, `'was ${secret.replaceAll("'", '')}'`),
  deactivate: (line) => line.replace(/^set/, 'deactivate'),
  'no-break space': (line, secret) => line.replace(` ${secret}`, `\u00a0${secret}`),
  'no-break spaces': (line) => line.replaceAll(' ', '\u00a0'),
  tab: (line, secret) => line.replace(` ${secret}`, `\t${secret}`),
  'equals sign': (line, secret) => line.replace(` ${secret}`, `=${secret}`),
  colon: (line, secret) => line.replace(` ${secret}`, `: ${secret}`),
  'no blank': (line, secret) => line.replace(` ${secret}`, secret),
  'block comment': (line) => `/* ${line} */`,
  'open block comment': (line) => `/* ${line}`,
  'word behind': (line) => `${line} top`,
  'semicolon behind': (line) => `${line};`,
  'comma behind': (line) => `${line},`,
  brace: (line) => `${line} {`,
  bold: (line, secret) => line.replace(secret, `**${secret}**`),
  prose: (_, secret) => `The secret is ${secret}.`,
  'psk said': (_, secret) => `psk: ${secret}`,
  'a remark': (_, secret) => `# PSK ${secret}`,
  pem: (_, secret) =>
    `-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN${secret.replaceAll("'", '')}\n-----END PRIVATE KEY-----`,
  twice: (line) => `${line} ${line}`,
  'zero width': (line, secret) => line.replace(secret, `\u200b${secret}`),
  'set pasted twice': (line) => line.replace(/^set/, 'set set'),
  'vendor mark': (line) => line.replace(/^set/, '/config set'),
};

/** Where the secret stands again, of those where the dump tells that it is one. */
const repeats: readonly ((secret: string) => string)[] = [
  () => '',
  () => '',
  () => '',
  (secret) => `set vpn ipsec site-to-site peer SITE-B description 'psk ${secret} since May'`,
  (secret) => `set interfaces ethernet eth0 description '${secret}'`,
  (secret) => `# old: ${secret}`,
  (secret) => secret,
  (secret) => `set vpn ipsec site-to-site peer SITE-B foo '${secret}'`,
  (secret) => `set vpn ipsec authentication psk '${secret}'`,
  (secret) => `set vpn ipsec site-to-site peer SITE-B authentication remote-id '${secret}'`,
  (secret) => `set vpn ipsec site-to-site peer ${secret} ike-group IKE-SITE-B`,
  (secret) => `set vpn ipsec ike-group ${secret} lifetime 3600`,
];

export interface LeakInput {
  readonly text: string;
  readonly secret: string;
  /** How it was made, to be printed where it leaks. */
  readonly how: string;
}

/** The dump of one side around which an input is made, and what is known to be its own secret. */
export function leakInput(seed: number, base: string, own?: string): LeakInput {
  const random = randomFrom(seed);
  const made = pick(random, secretKinds)(random);
  const secret = own ?? made;
  const place = pick(random, places);
  const [quotingIndex, damage] = [Math.floor(random() * quotings.length), pick(random, Object.keys(damages))];
  const quoted = (quotings[quotingIndex] ?? ((text: string) => text))(secret);
  const line = (damages[damage] ?? ((text: string) => text))(
    `set ${place.replace('@', () => quoted)}`,
    quoted,
    random,
  );
  const isPlainName = /^[\w.@-]+$/.test(secret);
  const repeatIndex = Math.floor(random() * (isPlainName ? repeats.length : 7));
  // A name that equals a secret is one: where the line tells no secret, nobody can know.
  const isTold = quotingIndex < 4 && damage === 'none';
  const repeat = (repeats[repeatIndex >= 9 && !isTold ? 0 : repeatIndex] ?? (() => ''))(
    secret.replaceAll("'", ''),
  );
  const lines = base.trimEnd().split('\n');
  const at = Math.floor(random() * (lines.length + 1));
  const all = [...lines.slice(0, at), line, ...lines.slice(at), ...(repeat === '' ? [] : [repeat])];
  const layout = pick(random, Object.keys(layouts));
  const text = (layouts[layout] ?? ((of: readonly string[]) => of.join('\n')))(all);
  return {
    text,
    secret,
    how: `${place} | quoting ${quotingIndex} | ${damage} | repeat ${repeatIndex} | ${layout}`,
  };
}

const layouts: Readonly<Record<string, (lines: readonly string[]) => string>> = {
  lines: (lines) => `${lines.join('\n')}\n`,
  'own line': (lines) => `${lines.join('\n')}\n`,
  glued: (lines) => lines.join(''),
  'glued by blanks': (lines) => lines.join(' '),
  session: (lines) => `${lines.map((line) => `vyos@r1# ${line}\n[edit]`).join('\n')}\n`,
  'half in braces': (lines) => `${lines.join('\n')}\nvpn {\n ipsec {\n`,
  CR: (lines) => lines.join('\r'),
  braces: (lines) => `${lines.map(inBraces).join('\n')}\n`,
};

/** A line of commands as a block of its own; what is no such line stays. */
function inBraces(line: string): string {
  const found = /^set ([\w./-]+(?: [\w./-]+)*?)((?: ['"‘“].*)| \S+)$/.exec(line);
  if (!found) return line;
  const path = (found[1] ?? '').split(' ');
  const heads = path.slice(0, -1).map((word) => `${word} {`);
  return `${heads.join('\n')}\n${path.at(-1) ?? ''}${(found[2] ?? '').replaceAll("'", '"')}\n${heads.map(() => '}').join('\n')}`;
}
