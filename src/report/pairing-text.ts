import type { ReportLink, Sign } from '../lint/report.ts';
import { inert } from './inert.ts';

/**
 * Why the ends of a link are believed to face each other, where that is open to doubt: by a guess, or although one initiates
 * to somebody else. A sentence without a full stop; undefined where nothing does.
 */
export function pairingText(link: ReportLink): string | undefined {
  const { kind, signs, against } = link.pairing;
  if (kind === 'guess') {
    return 'Paired by a guess: each dump has one peer, and nothing else says that the two face each other';
  }
  // An identity that does not match is a finding of its own, and no reason to doubt two that initiate to each other.
  if (!against.some((sign) => sign.kind === 'remote-address')) return undefined;
  const why =
    kind === 'told' ? 'the configuration says so' : listed(signs.map((sign) => signText(sign, link)));
  return `Paired because ${why}, although ${listed(against.map((sign) => againstText(sign, link)))}`;
}

function signText(sign: Sign, link: ReportLink): string {
  switch (sign.kind) {
    case 'remote-address':
      return `${ownName(sign, link)} initiates to ${otherName(sign, link)}`;
    case 'remote-id':
      return `${ownName(sign, link)} expects the identity of ${otherName(sign, link)}`;
    case 'psk':
      return 'their pre-shared keys are for each other';
    case 'traffic-selectors':
      return 'their prefixes match';
    case 'vti-network':
      return 'their VTIs are in one network';
    case 'counterpart':
      return 'the configuration names the site';
  }
}

function againstText(sign: Sign, link: ReportLink): string {
  return sign.kind === 'remote-id'
    ? `${ownName(sign, link)} expects another identity`
    : `${ownName(sign, link)} initiates to an address elsewhere`;
}

function ownName(sign: Sign, link: ReportLink): string {
  return 'side' in sign ? inert(link[sign.side].name) : '';
}

function otherName(sign: Sign, link: ReportLink): string {
  return 'side' in sign ? inert(link[sign.side === 'a' ? 'b' : 'a'].name) : '';
}

function listed(all: readonly string[]): string {
  const last = all.at(-1) ?? '';
  return all.length > 1 ? `${all.slice(0, -1).join(', ')} and ${last}` : last;
}
