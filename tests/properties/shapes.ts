/**
 * Texts of one shape each, as long as they are asked to be. Twice the text is to take at most a little more than twice
 * the time: what a pull request can put into a dump must not stop the job that judges it.
 */
import { examplePair } from '../../src/rules/example-pair.ts';

/** A text of a shape of about so many characters. */
export type Shape = (size: number) => string;

const lines = (size: number, line: (index: number) => string): string => {
  const parts: string[] = [];
  for (let index = 0, length = 0; length < size; index += 1) {
    const part = `${line(index)}\n`;
    parts.push(part);
    length += part.length;
  }
  return parts.join('');
};

const run = (unit: string): Shape => {
  return (size) => unit.repeat(Math.ceil(size / unit.length));
};

/** What stands on a line of its own between the commands of a whole dump, in `set` commands and in braces. */
const withinDump =
  (shape: Shape): Shape =>
  (size) =>
    `${examplePair.a}${shape(size)}\n${examplePair.b}`;

const withinBraces =
  (shape: Shape): Shape =>
  (size) =>
    `system {\n    host-name r1\n}\n${shape(size)}\nvpn {\n    ipsec {\n        interface eth0\n    }\n}\n`;

/** Behind a secret, where each word may be one. */
const withinIpsec =
  (shape: Shape): Shape =>
  (size) =>
    'vpn {\n    ipsec {\n        authentication {\n            psk K {\n                secret Secret-number-1-of-many\n' +
    `            }\n        }\n        ${shape(size)}\n        esp-group ESP-B {\n        }\n    }\n}\n`;

const nested =
  (open: string, close: string): Shape =>
  (size) => {
    const depth = Math.ceil(size / (open.length + close.length));
    return open.repeat(depth) + close.repeat(depth);
  };

const indented =
  (close: boolean): Shape =>
  (size) => {
    // The blanks of a line grow with its depth: 50 kB are some hundred levels.
    const depth = Math.ceil(Math.sqrt(size / (close ? 4 : 2)));
    const opening = Array.from({ length: depth }, (_, level) => `${' '.repeat(level * 4)}vpn {\n`);
    const closing = opening.map((_, level) => `${' '.repeat((depth - level - 1) * 4)}}\n`);
    return [...opening, ...(close ? closing : [])].join('');
  };

const ike = 'set vpn ipsec ike-group IKE-A';
const peer = 'set vpn ipsec site-to-site peer';
const rule = (index: number) => `set nat source rule ${index + 1}`;

/** Short texts that stand again and again. */
export const units: Readonly<Record<string, string>> = {
  'comment marks': '/*',
  'comment marks that close': '/*/*',
  'line comments': '//*',
  'open and close of comments': '/**/',
  'comments with blanks': '/* */ ',
  hashes: '#',
  'hash and blank': '# ',
  'psk in a remark': '# psk ',
  'psk words': 'psk ',
  'secret words': 'secret ',
  'authentication words': 'authentication ',
  'single quotes': "'",
  'double quotes': '"',
  'both quotes': `'"`,
  backslashes: '\\',
  'backslash and quote': "\\'",
  'backslash and double quote': '"\\"',
  blanks: ' ',
  tabs: '\t',
  'set and blank': 'set ',
  set: 'set',
  'quoted set': "'set ",
  'quote and verb': "'xset vpn ",
  'glued commands': "set vpn ipsec interface 'eth0'",
  'open braces': '{',
  'close braces': '}',
  'brace pairs': '{}',
  'braces and blanks': '{ } ',
  'letters and open braces': 'a{',
  'letters and close braces': 'a}',
  'letters and semicolons': 'a;',
  letters: 'x',
  'masks without a blank': 'xxxxxx',
  masks: ' xxxxxx',
  'quoted masks': "' xxxxxx",
  colons: ':',
  'masked octets': 'xxxx:',
  stars: '*',
  'bold words': '**word** ',
  angles: '<',
  tags: '<a>',
  'zero-width spaces': '\u200b',
  overrides: '\u202e',
  'lone surrogates': '\ud800',
  'combining marks': '\u0301',
  'letters with combining marks': 'e\u0301',
  emoji: '\u{1f511}',
  backquotes: '`',
  'typographic quotes': '\u2018a\u2019 ',
  entities: '&#39;',
  'replacement characters': 'abcdefghijklmnop\ufffd ',
  'carriage returns': '\r',
  'line feeds': '\n',
  'letters and carriage returns': 'a\r',
  'letters and line feeds': 'a\n',
  'commands of carriage returns': 'set vpn ipsec\r',
  'line continuations': '\\\n',
  prompts: 'vyos@r1# ',
  'prompts on lines': 'vyos@r1#\n',
  'quotation marks of mails': '> ',
  edits: '[edit] ',
  'edits on lines': '[edit]\n',
  pagers: '--More--',
  'pagers on lines': '--More--\n',
  dashes: '-',
  equals: '=',
  semicolons: ';',
  delete: 'delete ',
  'glued deletes': 'xdelete vpn ',
};

const ofLines: Readonly<Record<string, (index: number) => string>> = {
  'suppression comments': () => '# vyos-ipsec-lint-ignore-next-line pfs-mismatch -- because',
  'suppression comments between commands': (index) =>
    `# vyos-ipsec-lint-ignore-next-line unknown-node -- because\nset vpn ipsec nonsense${index} x`,
  'suppression comments for a file': () =>
    '# vyos-ipsec-lint-ignore-file weak-algorithm, pfs-mismatch -- because',
  'suppression comments of no rule': (index) => `# vyos-ipsec-lint-ignore-next-line rule${index}`,
  remarks: (index) => `# remark ${index}`,
  psks: (index) =>
    `set vpn ipsec authentication psk K${index} id 'id${index}@example.com'\n` +
    `set vpn ipsec authentication psk K${index} secret 'Secret-number-${index}-of-many'`,
  'ids of one psk': (index) => `set vpn ipsec authentication psk K id 'id${index}@example.com'`,
  'psks of one identity': (index) =>
    `set vpn ipsec authentication psk K${index} id 'site-a@example.com'\n` +
    `set vpn ipsec authentication psk K${index} secret 'Secret-number-${index}-of-many'`,
  'short secrets': (index) => `set vpn ipsec authentication psk K${index} secret 'aaaaaaaa'`,
  'psks without an id': (index) =>
    `set vpn ipsec authentication psk K${index} secret 'Secret-number-${index}-of-many'`,
  'addresses of a group': (index) =>
    `set firewall group address-group G address '10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}'`,
  'networks of a group': (index) =>
    `set firewall group network-group G network '10.${(index >> 8) & 255}.${index & 255}.0/24'`,
  'address groups': (index) => `set firewall group address-group G${index} address '10.0.0.1'`,
  'groups that include the one before': (index) =>
    `set firewall group address-group G${index + 1} include 'G${index}'`,
  'firewall rules': (index) =>
    `set firewall ipv4 input filter rule ${index + 1} action 'accept'\n` +
    `set firewall ipv4 input filter rule ${index + 1} source address '10.0.0.${index & 255}'`,
  'rulesets that jump': (index) =>
    `set firewall ipv4 name N${index} rule 1 action 'jump'\nset firewall ipv4 name N${index} rule 1 jump-target 'N${index + 1}'`,
  'nat rules': (index) =>
    `${rule(index)} outbound-interface name 'eth0'\n${rule(index)} source address '10.1.${index & 255}.0/24'\n` +
    `${rule(index)} translation address 'masquerade'`,
  routes: (index) => `set protocols static route 10.${index >> 8}.${index & 255}.0/24 next-hop 192.0.2.254`,
  interfaces: (index) => `set interfaces ethernet eth${index} address '10.${index >> 8}.${index & 255}.1/24'`,
  proposals: (index) =>
    `${ike} proposal ${index + 1} encryption 'aes256'\n${ike} proposal ${index + 1} hash 'sha256'`,
  'proposals of one value twice': () => `${ike} proposal 1 encryption 'aes256'`,
  'ike groups': (index) => `set vpn ipsec ike-group G${index} proposal 1 encryption 'aes256'`,
  'esp groups': (index) => `set vpn ipsec esp-group G${index} proposal 1 encryption 'aes256'`,
  peers: (index) =>
    `${peer} P${index} remote-address '203.0.${index >> 8}.${index & 255}'\n${peer} P${index} ike-group 'IKE-A'\n` +
    `${peer} P${index} tunnel 0 esp-group 'ESP-A'`,
  'whole peers': (index) =>
    `${peer} P${index} authentication mode 'pre-shared-secret'\n${peer} P${index} remote-address '203.0.${index >> 8}.${index & 255}'\n` +
    `${peer} P${index} local-address '192.0.2.1'\n${peer} P${index} ike-group 'IKE-A'\n` +
    `${peer} P${index} authentication remote-id 'p${index}@example.com'\n` +
    `${peer} P${index} tunnel 0 local prefix '10.1.0.0/24'\n${peer} P${index} tunnel 0 remote prefix '10.${index & 255}.0.0/24'`,
  prefixes: (index) => `${peer} SITE-B tunnel 0 local prefix '10.${(index >> 8) & 255}.${index & 255}.0/24'`,
  gibberish: (index) => `lorem${index} ipsum dolor sit amet`,
  'unknown nodes': (index) => `set vpn ipsec nonsense${index} value`,
  'unknown values': (index) => `set vpn ipsec ike-group G${index} key-exchange 'ikev9'`,
  'unknown groups': (index) => `${peer} P${index} ike-group 'NONE${index}'`,
  'one unknown group': (index) => `${peer} P${index} ike-group 'NONE'`,
  'letters that are missing': (index) => `et vpn ipsec ike-group G${index} lifetime '3600'`,
  'quotes that are not closed': (index) => `set system host-name 'r${index}`,
  'quotes of a word processor': (index) => `set system host-name \u2018r${index}\u2019`,
  deletes: (index) => `delete vpn ipsec ike-group G${index}`,
  'sets and deletes': (index) =>
    `set vpn ipsec ike-group G${index} lifetime '3600'\ndelete vpn ipsec ike-group G${index}`,
  deactivates: (index) => `deactivate vpn ipsec ike-group G${index}`,
  'comments of nodes': (index) => `comment vpn ipsec ike-group G${index} 'text'`,
  'values that are set again': (index) => `set system host-name 'r${index}'`,
  descriptions: (index) => `set interfaces ethernet eth0 description 'text ${index}'`,
  'names of Object.prototype': (index) =>
    `set vpn ipsec ike-group ${['__proto__', 'constructor', 'toString', 'hasOwnProperty'][index % 4]} lifetime '${index}'`,
  'masked addresses': (index) => `set interfaces ethernet eth${index} address 'xxx.xxx.${index & 255}.1/24'`,
  'private keys': (index) =>
    `set pki certificate C${index} private key 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC${index}'`,
  certificates: (index) =>
    `set pki certificate C${index} certificate 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC${index}'`,
  vtis: (index) => `set interfaces vti vti${index} address '10.255.${index & 255}.1/30'`,
};

const whole: Readonly<Record<string, Shape>> = {
  // Not in a dump that has the peer: there each of the tunnels is negotiated against each of the other end's.
  tunnels: (size) =>
    lines(
      size,
      (index) =>
        `${peer} SITE-B tunnel ${index + 1} local prefix '10.1.${index & 255}.0/24'\n` +
        `${peer} SITE-B tunnel ${index + 1} remote prefix '10.2.${index & 255}.0/24'`,
    ),
  'blocks in each other': run('vpn {\n'),
  'blocks in each other, closed': nested('vpn {\n', '}\n'),
  'blocks in each other on one line': run('vpn { '),
  'blocks in each other on one line, closed': nested('vpn { ', '} '),
  'blocks in each other, indented': indented(false),
  'blocks in each other, indented and closed': indented(true),
  'blocks without an end': (size) => lines(size, (index) => `a${index} {\n    b c`),
  'blocks beside each other': (size) => lines(size, (index) => `a${index} {\n    b c\n}`),
  'blocks on one line': run('a { b c } '),
  'deep blocks beside each other': (size) =>
    'a {\n'.repeat(150) + run('b {\nc d\n}\n')(size) + '}\n'.repeat(150),
  'braces that close nothing': run('}\n'),
  'indented braces that close nothing': (size) => `a {\n${run('        }\n')(size)}`,
  'headings without braces': (size) => lines(size, (index) => `a${index}\n    b c`),
  'addresses in braces': (size) =>
    `firewall {\n    group {\n        address-group G {\n${lines(size, (index) => `            address 10.0.${index >> 8}.${index & 255}`)}        }\n    }\n}\n`,
  'suppression comments in braces': (size) =>
    `vpn {\n${lines(size, () => '    /* vyos-ipsec-lint-ignore-next-line pfs-mismatch -- because */')}    ipsec {\n    }\n}\n`,
  'psks in braces': (size) =>
    `vpn {\n    ipsec {\n        authentication {\n${lines(
      size,
      (index) =>
        `            psk K${index} {\n                id id${index}@example.com\n                secret Secret-number-${index}-of-many\n            }`,
    )}        }\n    }\n}\n`,
  'a long name': (size) => `${peer} ${'P'.repeat(size)} ike-group 'IKE-A'\n`,
  'a long identity': (size) => `${peer} SITE-B authentication remote-id '${'a.'.repeat(size / 2)}com'\n`,
  'a long distinguished name': (size) =>
    `${peer} SITE-B authentication remote-id '${run('CN=a, ')(size)}O=b'\n`,
  'a long secret': (size) => `set vpn ipsec authentication psk K secret '${'a1'.repeat(size / 2)}'\n`,
  'a long list of ports': (size) => `set nat source rule 1 source port '${run('500,')(size)}4500'\n`,
  'a long path below authentication': (size) =>
    `set vpn ipsec authentication psk K ${run("word 'a1' ")(size)}\n`,
  'a long path': (size) => `set ${run('vpn ')(size)}\n`,
  'a long address': (size) => `${peer} SITE-B remote-address '${run('1.')(size)}'\n`,
  'a long prefix': (size) => `${peer} SITE-B tunnel 0 local prefix '${run('1:')(size)}/64'\n`,
  'a long range': (size) => `set firewall group address-group G address '10.0.0.1-${run('1')(size)}'\n`,
  'a long number': (size) => `${ike} lifetime '${run('9')(size)}'\n`,
  'a quote and blanks': (size) => `set vpn 'a${run(' ')(size)}x\n`,
  'a quote and blanks in braces': (size) => `vpn {\n a "${run(' ')(size)}x\n}\n`,
  'blanks in a suppression comment': (size) => `# vyos-ipsec-lint-ignore-file${run(' ')(size)}x\n`,
  'hashes behind a suppression comment': (size) => `# vyos-ipsec-lint-ignore-file a ${run('# ')(size)}x\n`,
  'rules of a suppression comment': (size) =>
    `# vyos-ipsec-lint-ignore-file ${run('pfs-mismatch, a, ')(size)}\n`,
  'suppression comments on a line': (size) => `# ${run('vyos-ipsec-lint-ignore-file pfs-mismatch ')(size)}\n`,
  'blanks behind a line': (size) => `set vpn ipsec${run(' ')(size)}x\n`,
  'blanks before a line': (size) => `${run(' ')(size)}x\n`,
  'blanks in a remark': (size) => `# psk${run(' ')(size)}x\n`,
  'blanks in a secret': (size) => `set vpn ipsec authentication psk K secret 'a${run(' ')(size)}b'\n`,
  'blanks behind a mask': (size) => `set vpn xxxxxx${run(' ')(size)}b\n`,
  'a footer': (size) =>
    `/* === vyatta-config-version: "${run('ipsec@13:')(size)}" === */\n/* Release version: 1.4.0 */\n`,
  'json that is cut off': run('{"a":'),
  'xml that is cut off': run('<a '),
};

/** Every shape, by its name: alone, or in the middle of a dump of either notation. */
export const shapes: Readonly<Record<string, Shape>> = {
  ...Object.fromEntries(
    Object.entries(units).flatMap(([name, unit]) => [
      [name, run(unit)],
      [`${name}, in a dump`, withinDump(run(unit))],
      [`${name}, in braces`, withinBraces(run(unit))],
      [`${name}, in braces of ipsec`, withinIpsec(run(unit))],
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(ofLines).flatMap(([name, line]) => [
      [name, (size: number) => lines(size, line)],
      [`${name}, in a dump`, withinDump((size) => lines(size, line))],
    ]),
  ),
  ...whole,
};
