import { type Secret, secretFromSwanctl } from '../ike/secret.ts';
import type { Finding, Fix } from '../lint/finding.ts';
import type { Report } from '../lint/report.ts';
import { readCommand } from '../vyos/command.ts';
import { isSecretPath } from '../vyos/schema/index.ts';
import type { Psk, Site } from '../vyos/site.ts';
import { applied, type Choices, withFix } from './state.ts';

/** A secret's place. */
interface SecretPlace {
  readonly site: number;
  readonly path: readonly string[];
}

/** A person will give one place the secret of another; where there is no other, one that both sides know. */
interface SharedSecret {
  readonly to: SecretPlace;
  readonly from: SecretPlace | undefined;
}

/**
 * What a person is taken to do, so that what lies behind it can be seen and mended. None of it is part of a plan, and
 * a secret is never written as a command.
 */
export interface Assumptions {
  readonly commands: Choices;
  readonly secrets: readonly SharedSecret[];
}

export const noAssumptions: Assumptions = { commands: [], secrets: [] };

/** The sites with the choices typed in, after a person has done what is assumed. */
export function assumed(
  sites: readonly Site[],
  choices: Choices,
  { commands, secrets }: Assumptions,
): readonly Site[] {
  const typed = applied(sites, [...commands, ...choices]);
  return secrets.reduce(withSecret, typed);
}

function withSecret(sites: readonly Site[], { to, from }: SharedSecret): readonly Site[] {
  const model = from && pskAt(sites, from)?.secret?.value;
  const value: Secret = model ?? secretFromSwanctl('known-to-both');
  return sites.map((site, index) => {
    const psk = index === to.site ? pskAt(sites, to) : undefined;
    if (!psk) return site;
    const secret = psk.secret ?? {
      value,
      text: null,
      origin: { kind: 'set', at: psk.at },
      path: to.path,
    };
    return {
      ...site,
      psks: site.psks.map((other) => (other === psk ? { ...psk, secret: { ...secret, value } } : other)),
    };
  });
}

function pskAt(sites: readonly Site[], { site, path }: SecretPlace): Psk | undefined {
  const text = path.join(' ');
  return sites[site]?.psks.find(
    (psk) => psk.secret?.path.join(' ') === text || `${psk.path.join(' ')} secret` === text,
  );
}

/**
 * What a person may do about a finding that no command mends, each way as assumptions of its own: give the two places
 * that it points at the same secret, or complete a part of a mend by a secret.
 */
export function waysToAssume(
  finding: Finding,
  sites: readonly Site[],
  report: Report,
): readonly Assumptions[] {
  const [one, other, ...more] = finding.locations.filter(({ path }) => isSecretPath(path));
  if (one && other && more.length === 0 && one.site !== other.site && finding.fix.length === 0) {
    return [{ commands: [], secrets: [{ to: other, from: one }] }];
  }
  const partial = finding.fix.find((fix) => fix.partial);
  return partial ? completions(finding, partial, sites, report) : [];
}

/** With the secret of any psk of another site, or with a new one. */
function completions(
  finding: Finding,
  partial: Fix,
  sites: readonly Site[],
  report: Report,
): readonly Assumptions[] {
  const commands = withFix([], finding, [partial], report) ?? [];
  const [first] = partial.commands;
  if (first === undefined) return [];
  // `… psk NAME id ID`: the secret stands beside the id.
  const path = [...readCommand(first).words.slice(0, -2), 'secret'];
  const to = { site: partial.site, path };
  const models = sites.flatMap((other, site) =>
    site === partial.site
      ? []
      : other.psks.flatMap(({ secret }) => (secret ? [{ site, path: secret.path }] : [])),
  );
  return [...models, undefined].map((from) => ({ commands, secrets: [{ to, from }] }));
}

export function both(one: Assumptions, other: Assumptions): Assumptions {
  return {
    commands: [...one.commands, ...other.commands],
    secrets: [...one.secrets, ...other.secrets],
  };
}
