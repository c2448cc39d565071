import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseAddress } from '../../src/ike/address.ts';
import {
  addressIdentity,
  anyIdentity,
  hasWildcards,
  maskedIdentity,
  matchIdentity,
  parseIdentity,
} from '../../src/ike/identity.ts';

describe('parse (identification.c, identification_create_from_string)', () => {
  test.each([
    // Spellings of any identity; `any` is not one of them.
    ...['', '%any', '%any6', '0.0.0.0', '*', '::', '0::0'].map((text) => [text, 'ANY', '%any'] as const),
    ['any', 'FQDN', 'any'],
    ['%ANY', 'FQDN', '%ANY'],
    ['gw.example.net', 'FQDN', 'gw.example.net'],
    ['left', 'FQDN', 'left'],
    ['*.example.net', 'FQDN', '*.example.net'],
    ['with blanks in it', 'FQDN', 'with blanks in it'],
    ['203.0.113.256', 'FQDN', '203.0.113.256'],
    ['203.0.113.01', 'FQDN', '203.0.113.01'],
    ['@alpha', 'FQDN', 'alpha'],
    ['@203.0.113.1', 'FQDN', '203.0.113.1'],
    ['@', 'FQDN', ''],
    ['@@alpha', 'RFC822_ADDR', 'alpha'],
    ['@@a@example.com', 'RFC822_ADDR', 'a@example.com'],
    ['a@example.com', 'RFC822_ADDR', 'a@example.com'],
    ['*@example.com', 'RFC822_ADDR', '*@example.com'],
    ['203.0.113.1', 'IPV4_ADDR', '203.0.113.1'],
    ['2001:DB8:0::1', 'IPV6_ADDR', '2001:db8::1'],
    ['2001:0db8::0001', 'IPV6_ADDR', '2001:db8::1'],
    ['::0', 'IPV6_ADDR', '::'],
    ['203.0.113.0/24', 'IPV4_ADDR_SUBNET', '203.0.113.0/24'],
    ['0.0.0.0/0', 'IPV4_ADDR_SUBNET', '0.0.0.0/0'],
    ['2001:db8::/32', 'IPV6_ADDR_SUBNET', '2001:db8::/32'],
    ['203.0.113.0/33', 'FQDN', '203.0.113.0/33'],
    ['2001:db8::/129', 'KEY_ID', '2001:db8::/129'],
    ['203.0.113.1-203.0.113.9', 'IPV4_ADDR_RANGE', '203.0.113.1-203.0.113.9'],
    ['203.0.113.9-203.0.113.1', 'FQDN', '203.0.113.9-203.0.113.1'],
    ['203.0.113.1-2001:db8::1', 'KEY_ID', '203.0.113.1-2001:db8::1'],
    ['2001:db8::1-2001:db8::9', 'IPV6_ADDR_RANGE', '2001:db8::1-2001:db8::9'],
    ['gw-1.example.net', 'FQDN', 'gw-1.example.net'],
    ['a:b', 'KEY_ID', 'a:b'],
    ['fe80::1%eth0', 'KEY_ID', 'fe80::1%eth0'],
    // create_from_string_with_prefix_type
    ['fqdn:gw', 'FQDN', 'gw'],
    ['FQDN:203.0.113.1', 'FQDN', '203.0.113.1'],
    ['dns:gw', 'FQDN', 'gw'],
    ['email:x', 'RFC822_ADDR', 'x'],
    ['rfc822:x', 'RFC822_ADDR', 'x'],
    ['userfqdn:x', 'RFC822_ADDR', 'x'],
    ['keyid:x', 'KEY_ID', 'x'],
    ['fqdn:C=US', 'FQDN', 'C=US'],
    // A key id is octets: hexadecimal behind `#` (chunk_from_hex), printed as letters where all are printable, but for
    // twenty of them, which may be a hash (identification_printf_hook).
    ['@#6162', 'KEY_ID', 'ab'],
    ['keyid:#6162', 'KEY_ID', 'ab'],
    ['keyid:a b', 'KEY_ID', 'a b'],
    ['@#61:62', 'KEY_ID', 'ab'],
    ['@#fF01', 'KEY_ID', 'ff:01'],
    ['keyid:Schl\u00fc', 'KEY_ID', '53:63:68:6c:c3:bc'],
    ['keyid:aaaaaaaaaaaaaaaaaaaa', 'KEY_ID', Array.from({ length: 20 }, () => '61').join(':')],
    ['fqdn:#6162', 'FQDN', 'ab'],
    // atodn
    ['C=US, O=Acme, CN=gw', 'DER_ASN1_DN', 'C=US, O=Acme, CN=gw'],
    ['c=US,o=Acme', 'DER_ASN1_DN', 'C=US, O=Acme'],
    ['  C = US ,  O =  Acme Ltd  ', 'DER_ASN1_DN', 'C=US, O=Acme Ltd'],
    ['/C=US/O=Acme, Inc', 'DER_ASN1_DN', 'C=US, O=Acme, Inc'],
    [' /C=US/O=x', 'DER_ASN1_DN', 'C=US, O=x'],
    ['C=US,', 'DER_ASN1_DN', 'C=US'],
    ['C=, O=x', 'DER_ASN1_DN', 'C=, O=x'],
    ['CN=a=b', 'DER_ASN1_DN', 'CN=a=b'],
    ['CN==a', 'DER_ASN1_DN', 'CN=a'],
    ['emailAddress=a@example.com, CN=x', 'DER_ASN1_DN', 'E=a@example.com, CN=x'],
    ['employeeNumber=7', 'DER_ASN1_DN', 'EN=7'],
    // An attribute type it does not know makes the whole text a key id.
    ['C=US, X=y', 'KEY_ID', 'C=US, X=y'],
    ['C=US, gw', 'KEY_ID', 'C=US, gw'],
    ['=', 'KEY_ID', '='],
    ['a@example.com=b', 'KEY_ID', 'a@example.com=b'],
  ] as const)('%j is %s %j', (text, kind, shown) => {
    expect(parseIdentity(text)).toMatchObject({ kind, text: shown });
  });

  test('an address gives the identity that its text gives', () => {
    for (const text of ['203.0.113.1', '2001:db8::1']) {
      const address = parseAddress(text);
      expect(address && addressIdentity(address)).toEqual(parseIdentity(text));
    }
  });

  test('no text makes it throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'@#*:/=,-.%019afCN ') })),
        (text) => {
          expect(typeof parseIdentity(text).text).toBe('string');
        },
      ),
    );
  });
});

describe('match: how well an identity fits a pattern (identification.h, id_match_t)', () => {
  test.each([
    // matches_any; any identity is a pattern for all, and fits nothing but itself.
    ['gw.example.net', '%any', 1],
    ['203.0.113.1', '%any', 1],
    ['C=US, CN=gw', '%any', 1],
    ['keyid:x', '%any', 1],
    ['%any', '%any', 1],
    ['%any', 'gw.example.net', 0],
    // matches_string
    ['gw.example.net', 'gw.example.net', 20],
    ['GW.example.NET', 'gw.EXAMPLE.net', 20],
    ['@gw.example.net', 'gw.example.net', 20],
    ['fqdn:gw', '@gw', 20],
    ['gw.example.net', '*.example.net', 19],
    ['gw.example.net', '*', 1],
    ['gw.example.net', '@*', 1],
    ['a@example.com', '*@example.com', 19],
    ['A@EXAMPLE.COM', '*@example.com', 19],
    ['a@example.com', '@@*', 1],
    ['.example.net', '*.example.net', 0],
    ['x.example.net', 'x.*.net', 0],
    ['x.example.net', 'x*', 0],
    ['x.example.org', '*.example.net', 0],
    ['*.example.net', '*.example.net', 20],
    ['*.example.net', 'gw.example.net', 0],
    // Types do not mix, however equal the text.
    ['gw', '@@gw', 0],
    ['203.0.113.1', '@203.0.113.1', 0],
    ['gw', 'keyid:gw', 0],
    ['a@example.com', '@@a@example.com', 20],
    // matches_binary
    ['keyid:x', 'keyid:x', 20],
    ['keyid:x', 'keyid:X', 0],
    ['@#6162', '@#6162', 20],
    ['@#6162', '@#6163', 0],
    ['@#aB', '@#Ab', 20],
    ['@#6162', 'keyid:ab', 20],
    // matches_range
    ['203.0.113.1', '203.0.113.1', 20],
    ['203.0.113.1', '203.0.113.2', 0],
    ['2001:db8::1', '2001:DB8:0:0::1', 20],
    ['203.0.113.1', '203.0.113.0/24', 19],
    ['203.0.113.1', '203.0.113.99/24', 19],
    ['203.0.114.1', '203.0.113.0/24', 0],
    ['203.0.113.1', '203.0.113.1/32', 20],
    ['203.0.113.2', '203.0.113.1/32', 0],
    ['203.0.113.1', '0.0.0.0/0', 2],
    ['2001:db8::1', '::/0', 2],
    ['2001:db8:ffff::1', '2001:db8::/32', 19],
    ['2001:db8::1', '0.0.0.0/0', 0],
    ['203.0.113.1', '::/0', 0],
    ['203.0.113.5', '203.0.113.1-203.0.113.9', 19],
    ['203.0.113.1', '203.0.113.1-203.0.113.9', 19],
    ['203.0.113.9', '203.0.113.1-203.0.113.9', 19],
    ['203.0.113.10', '203.0.113.1-203.0.113.9', 0],
    ['203.0.113.1', '203.0.113.1-203.0.113.1', 20],
    ['2001:db8::5', '2001:db8::1-2001:db8::9', 19],
    ['203.0.113.0/24', '203.0.113.0/24', 20],
    ['203.0.113.0/24', '203.0.113.0/25', 0],
    ['203.0.113.0/24', '203.0.113.1', 0],
    // matches_dn: the same types in the same order.
    ['C=US, O=Acme, CN=gw', 'C=US, O=Acme, CN=gw', 20],
    ['C=US, O=Acme, CN=gw', '/C=US/O=Acme/CN=gw', 20],
    ['C=us, O=ACME, CN=GW', 'C=US, O=Acme, CN=gw', 20],
    ['C=US, O=Acme, CN=gw', 'C=US, O=Acme, CN=*', 19],
    ['C=US, O=Acme, CN=gw', 'C=US, O=*, CN=*', 18],
    ['C=US, O=Acme, CN=gw', 'C=*, O=*, CN=*', 17],
    ['C=US, O=Acme, CN=gw', 'C=US, CN=gw, O=Acme', 0],
    ['C=US, O=Acme, CN=gw', 'C=US, O=Acme', 0],
    ['C=US, O=Acme, CN=gw', 'C=US, O=Acme, CN=*w', 0],
    ['C=US, O=Acme, CN=gw', 'C=US, O=Acme, OU=gw', 0],
    // rdn_equals: a value that is no PrintableString keeps its case; an e-mail address does not.
    ['CN=gw_1', 'CN=gw_1', 20],
    ['CN=gw_1', 'CN=GW_1', 0],
    ['CN=Müller', 'CN=müller', 0],
    ['E=a@example.com', 'E=A@EXAMPLE.COM', 20],
  ] as const)('%s, %s: %i', (identity, pattern, quality) => {
    expect(matchIdentity(parseIdentity(identity), parseIdentity(pattern))).toBe(quality);
  });

  test('a DN of wildcards is never worth less than 2', () => {
    const types = [
      'C',
      'O',
      'OU',
      'CN',
      'L',
      'ST',
      'T',
      'D',
      'N',
      'G',
      'I',
      'SN',
      'ID',
      'EN',
      'UID',
      'DC',
      'ND',
      'E',
    ];
    const identity = parseIdentity(types.map((type) => `${type}=x`).join(', '));
    const pattern = parseIdentity(types.map((type) => `${type}=*`).join(', '));
    expect(matchIdentity(identity, pattern)).toBe(3);
  });

  test('what the dump masks fits nothing by itself', () => {
    const masked = maskedIdentity('xxx.xxx.113.1');
    expect(matchIdentity(masked, masked)).toBe(0);
    expect(matchIdentity(masked, anyIdentity)).toBe(1);
    expect(matchIdentity(parseIdentity('203.0.113.1'), masked)).toBe(0);
  });

  test('whatever it is, an identity other than any fits itself best', () => {
    const text = fc.oneof(
      fc.constantFrom('gw', 'a@b', '@x', '@@x', '@#61', 'C=US, CN=x', '10.0.0.1', '::1', '10.0.0.0/8', 'a:b'),
      fc.string({ unit: fc.constantFrom(...'ab.@-'), minLength: 1 }),
    );
    fc.assert(
      fc.property(text, (each) => {
        const identity = parseIdentity(each);
        fc.pre(identity.kind !== 'ANY');
        expect(matchIdentity(identity, parseIdentity(each))).toBe(20);
      }),
    );
  });
});

describe('wildcards, which keep an initiator from naming the responder (contains_wildcards)', () => {
  test.each([
    ['%any', true],
    ['*.example.net', true],
    ['gw*.example.net', true],
    ['*@example.com', true],
    ['C=US, CN=*', true],
    ['gw.example.net', false],
    ['C=US, CN=*.example.net', false],
    ['203.0.113.1', false],
    // return_false: a subnet can stand for many, and is sent all the same.
    ['203.0.113.0/24', false],
    ['0.0.0.0/0', false],
    ['203.0.113.1-203.0.113.9', false],
    ['keyid:*', false],
  ] as const)('%s: %s', (text, expected) => {
    expect(hasWildcards(parseIdentity(text))).toBe(expected);
  });
});

/** What strongSwan does and the model does not yet; each fails until it is mended, and then says so. */
describe('known to be simpler than identification.c', () => {
  const matches = (one: string, other: string) => matchIdentity(parseIdentity(one), parseIdentity(other));

  test('the host bits of a subnet are dropped (create_ip_address_from_string)', () => {
    expect(parseIdentity('203.0.113.99/24').text).toBe('203.0.113.0/24');
    expect(matches('203.0.113.99/24', '203.0.113.0/24')).toBe(20);
  });
  test('an empty part in the middle of a DN makes it a key id (atodn, SEARCH_OID)', () => {
    expect(parseIdentity('C=US,,O=x').kind).toBe('KEY_ID');
  });
  test('a blank may part the type of an attribute from its value (atodn, READ_OID)', () => {
    expect(parseIdentity('C=US, CN gw').kind).toBe('DER_ASN1_DN');
  });
  test('more than twenty attributes make a key id (RDN_MAX)', () => {
    expect(parseIdentity(Array.from({ length: 21 }, () => 'OU=x').join(', ')).kind).toBe('KEY_ID');
  });
  test('of the IA5Strings only the e-mail address ignores case (rdn_equals)', () => {
    expect(matches('unstructuredName=gw', 'unstructuredName=GW')).toBe(0);
  });
  test('a type by number (create_from_string_with_num_type)', () => {
    expect(parseIdentity('{2}:gw')).toMatchObject({ kind: 'FQDN', text: 'gw' });
  });
});
