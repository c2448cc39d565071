import type { Range } from '../ike/range.ts';

/** The names that Debian's /etc/services has for the ports of IKE. */
const ports: Readonly<Record<string, number>> = { isakmp: 500, 'ipsec-nat-t': 4500 };

/** `500`, `500-600`, `isakmp`. A name that is not one of IKE's is `other`; what is no port at all is undefined. */
export function portRange(text: string): Range | 'other' | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (match) return { from: BigInt(match[1] ?? ''), to: BigInt(match[2] ?? match[1] ?? '') };
  const named = Object.hasOwn(ports, text) ? ports[text] : undefined;
  if (named !== undefined) return { from: BigInt(named), to: BigInt(named) };
  return /^[a-z][\w.+-]*$/i.test(text) ? 'other' : undefined;
}
