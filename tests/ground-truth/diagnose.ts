/**
 * From what both daemons wrote to why a negotiation failed, in the vocabulary of the report. This reads log lines and
 * nothing else, so that it knows nothing of the model it is to check. Source of the lines: strongSwan 5.9
 * src/libcharon/sa (ikev1/, ikev2/), config/proposal.c, encoding/message.c.
 */
import type { Notify, Reason, Role } from '../../src/ike/outcome.ts';

export interface Logs {
  readonly initiator: readonly string[];
  readonly responder: readonly string[];
}

export interface Diagnosis {
  readonly notify: Notify | null;
  readonly reason: Reason | undefined;
  readonly detectedBy: Role | null;
}

interface Sign {
  readonly by: Role;
  readonly line: RegExp;
  readonly reason: Reason;
}

/** In the order in which they are looked for: what ends a negotiation comes before what may precede it. */
const signs: readonly Sign[] = [
  { by: 'initiator', line: /unable to resolve .*, initiate aborted/, reason: 'cannot-initiate' },
  { by: 'responder', line: /no IKE config found for /, reason: 'no-ike-config' },
  { by: 'responder', line: /received proposals unacceptable/, reason: 'no-ike-proposal' },
  { by: 'responder', line: /\[IKE\].* no proposal found$/, reason: 'no-ike-proposal' },
  { by: 'initiator', line: /\[IKE\].* no proposal found$/, reason: 'no-ike-proposal' },
  { by: 'responder', line: /Aggressive Mode PSK disabled/, reason: 'aggressive-psk-refused' },
  { by: 'responder', line: /no matching peer config found/, reason: 'no-peer-config' },
  { by: 'responder', line: /\[IKE\].* no peer config found$/, reason: 'no-peer-config' },
  { by: 'responder', line: /but none allows .* using (?:Main|Aggressive) Mode/, reason: 'mode-mismatch' },
  { by: 'responder', line: /constraint requires public key authentication/, reason: 'auth-method' },
  { by: 'responder', line: /constraint check failed: identity/, reason: 'no-peer-config' },
  { by: 'responder', line: /received IDr .*, but require /, reason: 'no-peer-config' },
  { by: 'initiator', line: /PPK required but /, reason: 'no-ppk' },
  { by: 'responder', line: /PPK required but /, reason: 'no-ppk' },
  { by: 'responder', line: /received PPK_ID .*, but require /, reason: 'ppk-mismatch' },
  { by: 'initiator', line: /peer does not support childless IKE_SA initiation/, reason: 'childless' },
  { by: 'responder', line: /peer did not initiate a childless IKE_SA/, reason: 'childless' },
  { by: 'responder', line: /tried \d+ shared keys? for .*MAC mismatched/, reason: 'psk-mismatch' },
  { by: 'initiator', line: /tried \d+ shared keys? for .*MAC mismatched/, reason: 'psk-mismatch' },
  { by: 'responder', line: /no shared key found for (?!'.*'\[)/, reason: 'no-psk' },
  { by: 'initiator', line: /no shared key found for (?!'.*'\[)/, reason: 'no-psk' },
  { by: 'initiator', line: /IDir .* does not match to /, reason: 'id-mismatch' },
  { by: 'initiator', line: /constraint check failed: identity/, reason: 'id-mismatch' },
  {
    by: 'responder',
    line: /could not decrypt payloads|ID_PROT request .* processing failed/,
    reason: 'psk-mismatch',
  },
  { by: 'responder', line: /no matching CHILD_SA config found/, reason: 'no-matching-ts' },
  { by: 'responder', line: /traffic selectors .* unacceptable/, reason: 'no-matching-ts' },
  { by: 'responder', line: /no acceptable traffic selectors found/, reason: 'no-matching-ts' },
  { by: 'responder', line: /no acceptable proposal found/, reason: 'no-child-proposal' },
  { by: 'responder', line: /no matching proposal found, sending/, reason: 'no-child-proposal' },
  { by: 'initiator', line: /no matching proposal found/, reason: 'no-child-proposal' },
];

/** What the laboratory cannot do, whatever the configurations: it has no keys, and its ESP is not the kernel's. */
const limits =
  /no private key found for|configuration uses unsupported authentication|unable to install .*(?:SAD|SPD)|unable to install IPsec policies|failed to create ESP context|unsupported (?:IPsec|encryption|mode)/;

export function limitOf(logs: Logs): string | undefined {
  return [...logs.initiator, ...logs.responder].find((line) => limits.test(line));
}

/**
 * IKEv1 has one line for a connection of the other mode and for one of another authentication method: the responder's
 * swanctl.conf tells whether any that was considered has the mode that the line names.
 */
function modeOrMethod(logs: Logs, responderConfiguration: string): Reason {
  const names = logs.responder.flatMap((line) => /candidate "([^"]+)", match:/.exec(line)?.[1] ?? []);
  const isAggressive = (name: string) => {
    const from = responderConfiguration.indexOf(`\n    ${name} {\n`);
    const to = responderConfiguration.indexOf('\n    }\n', from);
    return /^ *aggressive = yes$/m.test(responderConfiguration.slice(from, to));
  };
  const main = logs.responder.some((line) => /using Main Mode/.test(line));
  return names.some((name) => isAggressive(name) !== main) ? 'auth-method' : 'mode-mismatch';
}

export function diagnose(logs: Logs, responderConfiguration: string): Diagnosis {
  const sign = signs.find(({ by, line }) => logs[by].some((text) => line.test(text)));
  if (sign) {
    const reason = sign.reason === 'mode-mismatch' ? modeOrMethod(logs, responderConfiguration) : sign.reason;
    return { notify: notifyOf(logs), reason, detectedBy: sign.by };
  }
  const announced = logs.initiator.filter((line) => /received ANOTHER_AUTH_FOLLOWS/.test(line));
  if (announced.length > 2) return { notify: null, reason: 'id-mismatch', detectedBy: null };
  const heard = logs.responder.some((line) => /\[ENC\] parsed|received packet/.test(line));
  if (!heard && logs.initiator.some((line) => /giving up after \d+ retransmits/.test(line))) {
    return { notify: null, reason: 'no-response', detectedBy: null };
  }
  return { notify: notifyOf(logs), reason: undefined, detectedBy: null };
}

/** The names by which charon abbreviates error notifies in its lists of payloads (notify_payload.c). */
const notifies: Readonly<Record<string, Notify>> = {
  NO_PROP: 'NO_PROPOSAL_CHOSEN',
  AUTH_FAILED: 'AUTHENTICATION_FAILED',
  TS_UNACCEPT: 'TS_UNACCEPTABLE',
  INVAL_ID: 'INVALID_ID_INFORMATION',
  PLD_MAL: 'PAYLOAD_MALFORMED',
  INVAL_SYN: 'INVALID_SYNTAX',
};

/**
 * The last error notify that one end sent, if it is not one that the other end cannot read. What one end sends in
 * the clear the other may refuse to act on; it is on the wire all the same.
 */
export function notifyOf(logs: Logs): Notify | null {
  const undecipherable = logs.initiator.some((line) => /message parsing failed|could not decrypt/.test(line));
  const generated = [...logs.responder, ...logs.initiator].filter((line) => /\[ENC\] generating /.test(line));
  let found: Notify | null = null;
  for (const line of generated) {
    const version1 = /_V1 |ID_PROT|AGGRESSIVE|QUICK_MODE/.test(line);
    for (const [, name = ''] of line.matchAll(/\bN\((\w+)\)/g)) {
      // Two numbers have one name: 17 is INVALID_KE_PAYLOAD in IKEv2 and INVALID_KEY_INFORMATION in IKEv1.
      const notify = name === 'INVAL_KE' && version1 ? 'INVALID_KEY_INFORMATION' : notifies[name];
      if (notify && !(undecipherable && /HASH/.test(line))) found = notify;
    }
  }
  return found;
}
