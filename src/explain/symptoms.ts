/**
 * What users find in their logs, or read at a commit, that no example's negotiation logs: it comes in the course of
 * others, at run time only, or from VyOS itself. Sources: strongSwan 5.9 and 6.0 (src/libcharon/sa, src/libcharon/config,
 * src/libstrongswan/crypto/proposal), vyos-1x src/conf_mode/vpn_ipsec.py, vyatta-cfg-vpn scripts/vpn-config.pl.
 */
export interface Symptom {
  /** As it stands in the log, with an ellipsis for what differs. */
  readonly line: string;
  readonly pattern: RegExp;
  /** What may be behind it. */
  readonly rules: readonly [string, ...string[]];
}

const noAnswer = [
  'connection-not-loaded',
  'ipsec-interface-unfit',
  'local-address-foreign',
  'peer-address-mismatch',
  'firewall-drops-ike',
  'firewall-drops-nat-t',
  'no-route-to-peer',
  'destination-nat-takes-ike',
] as const;

const ikeProposals = [
  'ike-encryption-mismatch',
  'ike-hash-mismatch',
  'ike-prf-mismatch',
  'ike-dh-group-mismatch',
  'ikev1-proposal-lost',
  'private-use-algorithm',
] as const;

const espProposals = ['esp-encryption-mismatch', 'esp-hash-mismatch', 'pfs-mismatch'] as const;

const authentication = [
  'peer-id-mismatch',
  'authentication-mode-mismatch',
  'psk-missing',
  'psk-mismatch',
] as const;

const pilesUp = [
  'both-sides-restart',
  'respond-not-passive',
  'ikev1-used',
  'ike-lifetime-not-longer',
] as const;

export const symptoms: readonly Symptom[] = [
  {
    line: 'retransmit … of request with message ID …',
    pattern: /\bretransmit \d+ of request with message ID\b/i,
    rules: noAnswer,
  },
  {
    line: 'giving up after … retransmits',
    pattern: /\bgiving up after \d+ retransmits\b|\bpeer not responding\b/i,
    rules: noAnswer,
  },
  {
    line: 'received packet … on ignored interface',
    pattern: /\bon ignored interface\b/i,
    rules: ['ipsec-interface-unfit'],
  },
  {
    line: '… proposals: IKE:…',
    pattern: /\b(?:received|configured) proposals: IKE:/i,
    rules: ikeProposals,
  },
  {
    line: '… proposals: ESP:…',
    pattern: /\b(?:received|configured) proposals: ESP:/i,
    rules: espProposals,
  },
  {
    line: 'a PRF algorithm is mandatory in IKE proposals',
    pattern: /\bPRF algorithm is mandatory in IKE proposal/i,
    rules: ['commit-refused'],
  },
  {
    line: 'received lifetime … does not match configured lifetime …',
    pattern: /\breceived lifetime \S+ does not match configured lifetime\b/i,
    rules: ['ike-lifetime-mismatch'],
  },
  {
    line: 'received … lifetime, configured …',
    pattern: /\breceived \S+ lifetime, configured\b/i,
    rules: ['esp-lifetime-mismatch'],
  },
  {
    line: 'received PAYLOAD_MALFORMED error notify',
    pattern: /\breceived (?:PAYLOAD_MALFORMED|INVALID_HASH_INFORMATION) error notify\b/i,
    rules: ['psk-mismatch'],
  },
  {
    line: "constraint check failed: identity '…' … required",
    pattern: /\bconstraint check failed: identity\b/i,
    rules: ['peer-id-mismatch'],
  },
  {
    line: '… id match: 0 (…)',
    pattern: /\b(?:local|remote) id match: \d+ \(/i,
    rules: ['peer-id-mismatch'],
  },
  {
    line: 'received … authentication, but configured …, continue with configured',
    pattern: /\bauthentication, but configured\b/i,
    rules: ['authentication-mode-mismatch'],
  },
  { line: 'IDr payload missing', pattern: /\bIDr payload missing\b/i, rules: authentication },
  {
    line: 'CHILD_SA rekeying failed, trying again in … seconds',
    pattern: /\bCHILD_SA rekeying failed, trying again\b/i,
    rules: espProposals,
  },
  {
    line: 'due to uniqueness policy and suspected reauthentication',
    pattern: /\bdelete of duplicate IKE_SA\b|\bdue to uniqueness policy\b/i,
    rules: pilesUp,
  },
  {
    line: 'not establishing CHILD_SA … due to existing duplicate …',
    pattern: /\bnot establishing CHILD_SA\b.*\bexisting duplicate\b/i,
    rules: pilesUp,
  },
  {
    line: 'detected … collision …',
    pattern:
      /\bdetected \S*\s?rekey collision\b|\bdetected CHILD_REKEY collision\b|\bCHILD_SA rekey collision\b/i,
    rules: pilesUp,
  },
  {
    line: 'installing trap failed, remote address unknown',
    pattern: /\binstalling trap failed, remote address unknown\b/i,
    rules: ['peer-address-any'],
  },
  {
    line: 'unable to install policy …, the same policy for reqid … exists',
    pattern: /\bunable to install policy\b|\bsame policy for reqid \d+ exists\b/i,
    rules: ['duplicate-policy'],
  },
  {
    line: 'not using transport mode, not host-to-host',
    pattern: /\bnot using transport mode\b/i,
    rules: ['esp-mode-mismatch'],
  },
  {
    line: 'Message too long',
    pattern: /\bMessage too long\b/i,
    rules: ['vti-mtu-unset'],
  },
  {
    line: 'Incorrect peer name "…"',
    pattern: /\bIncorrect peer name\b/i,
    rules: ['other-release', 'commit-refused'],
  },
  {
    line: "The 'remote prefix' and 'local prefix' protocols do not match",
    pattern: /'?remote prefix'? and '?local prefix'? protocols do not match/i,
    rules: ['commit-refused'],
  },
  {
    line: 'Both Vti and tunnel(s) configured',
    pattern: /\bBoth Vti and tunnel\(s\) configured\b/i,
    rules: ['commit-refused', 'vti-beside-tunnel'],
  },
  {
    line: 'Invalid …-group on site-to-site peer …',
    pattern: /\bInvalid (?:esp|ike)-group on\b/i,
    rules: ['undefined-group'],
  },
  {
    line: 'Missing … on site-to-site peer …',
    pattern: /\bMissing \S.* on (?:site-to-site peer|tunnel)\b/i,
    rules: ['commit-refused'],
  },
  {
    line: 'Authentication psk "…" missing "id" or "secret"',
    pattern: /\bAuthentication psk\b.*\bmissing\b/i,
    rules: ['commit-refused'],
  },
];
