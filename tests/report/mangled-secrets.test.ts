/** No output shows a secret whose line was not read as it was meant, nor a word that may be one. */
import { describe, expect, test } from '@jest/globals';
import { formats, lint } from '../../src/index.ts';
import { placeOf } from '../../src/report/place.ts';
import { examplePair } from '../../src/rules/example-pair.ts';

const psk = 'set vpn ipsec authentication psk P';
const peer = 'set vpn ipsec site-to-site peer P authentication';

const forms: readonly (readonly [string, string])[] = [
  ['typographic quotes', `${psk} secret ‘S3cr3t’`],
  ['a verb that lost a letter', "et vpn ipsec authentication psk P secret 'S3cr3t'"],
  ['a verb in capitals', "SET vpn ipsec authentication psk P secret 'S3cr3t'"],
  ['a quote that is not closed', `${psk} secret 'S3cr3t`],
  ['no blank before the value', `${psk} secret'S3cr3t'`],
  ['quotes that do not pair', `${psk} secret 'S3cr3t'x'y`],
  ['a piece behind the quotes', `${psk} secret 'x'S3cr3t`],
  ['a slip in the node', `${psk} secert 'S3cr3t'`],
  ['a slip in the node of a certificate', `${peer} x509 passphrse 'S3cr3t'`],
  ['a slip in the node of older releases', `${peer} pre-shred-secert 'S3cr3t'`],
  ['a slip above the node', "set vpn ipsec authentcation psk P secret 'S3cr3t'"],
  ['a slip in the tag node', "set vpn ipsec authentication pks P secrt 'S3cr3t'"],
  ['the name left out', "set vpn ipsec authentication psk secret 'S3cr3t'"],
  ['the name left out, without quotes', 'set vpn ipsec authentication psk secret S3cr3t'],
  ['the node left out', `${psk} 'S3cr3t'`],
  ['the node left out, with words behind', `${psk} S3cr3t top`],
  ['the node left out of a peer', `${peer} 'S3cr3t'`],
  ['words behind the value', `${psk} secret S3cr3t top`],
  ['words before the end of the value', `${psk} secret top S3cr3t`],
  ['a value on the next line', `${psk} secret\n'S3cr3t'`],
  ['a value without quotes on the next line', `${psk} secret\nS3cr3t`],
  ['a value like a verb on the next line', `${psk} secret\nS3cr3tset`],
  ['a value broken in two', `${psk} secret 'top-\nS3cr3t'`],
  ['a value broken in three', `${psk} secret 'top-\nfoo-\nS3cr3t'`],
  ['a node broken in two', `${psk} sec\nret 'S3cr3t'`],
  ['a dump in braces', `vpn {\nipsec {\nauthentication {\npsk P {\nsecret "S3cr3t"\n}\n}\n}\n}`],
  ['a line in braces', 'pre-shared-secret "S3cr3t"'],
  ['a remark with a command glued to it', "# S3cr3t 'foo'set vpn ipsec foo"],
  ['a remark behind a command', `set vpn ipsec foo # secret S3cr3t`],
  ['a command out of use', `# ${psk} secret 'S3cr3t'set vpn ipsec foo`],
  ['a comment on a node', `comment vpn ipsec nope 'S3cr3t'`],
  ['a secret that is not there to be deleted', `delete ${psk} secret 'S3cr3t'`],
  ['an unread command behind a prompt', `vyos@r1# et vpn ipsec authentication psk P secret 'S3cr3t'`],
];

describe.each(forms)('%s', (_, form) => {
  const report = lint([
    { file: 'a.conf', text: examplePair.a },
    { file: 'b.conf', text: `${examplePair.b}${form}\n` },
  ]);

  test.each(Object.entries(formats))('%s', (_format, render) => {
    for (const width of [40, 60, 80, 120, 200]) {
      expect(render(report, { color: false, width })).not.toContain('S3cr3t');
    }
  });
});

test('a finding on a line with hidden words stands where its first character that is shown stands', () => {
  const lines = [
    "set vpn ipsec authentication psk P secert 'S3cr3t'",
    "et vpn ipsec authentication psk P secret 'S3cr3t'",
    'set vpn ipsec authentication psk P secret ‘S3cr3t’',
    "set vpn ipsec ike-group IKE-B liftime '1' # remark",
  ];
  const report = lint([
    { file: 'a.conf', text: examplePair.a },
    { file: 'b.conf', text: `${lines.join('\n')}\n${examplePair.b}` },
  ]);
  const places = report.findings.flatMap(({ locations: [location] }) => {
    const site = report.sites[location.site];
    return site === undefined ? [] : [placeOf(location, site)];
  });
  const shown = places.map(({ line, column }) => [line, column]);
  for (const place of [
    [1, 36],
    [2, 1],
    [3, 43],
    [4, 31],
  ])
    expect(shown).toContainEqual(place);
});
