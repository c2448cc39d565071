import type { Setting } from '../setting.ts';
import type { Match } from './match.ts';
import { decided, either, type Outcome, then, undecidable, untouched } from './outcome.ts';
import type { FirewallRule, Ruleset } from './rulesets.ts';

/** What a walk needs: what a rule makes of the packet, and the rulesets that a rule may jump to. */
export interface Ground {
  readonly matches: (rule: FirewallRule) => Match;
  readonly named: (name: string) => Ruleset | undefined;
  /** Each ruleset is walked once: what becomes of the packet there does not depend on who jumps to it. */
  readonly walked: Map<Ruleset, Outcome>;
}

/** nftables follows 16 jumps, one out of the other, and no more. */
const deepest = 16;

/** The packet leaves the ruleset undecided. */
const returned = 'returned';

/**
 * What may become of a packet in a ruleset. Linear in the number of rules, whatever they jump to: a rule that may or may
 * not match is taken both ways at once, and a ruleset that jumps to itself, which VyOS refuses, ends the walk.
 */
export function walkRuleset(ground: Ground, ruleset: Ruleset, above: readonly Ruleset[] = []): Outcome {
  const known = ground.walked.get(ruleset);
  if (known) return known;
  let walking: Outcome = untouched;
  let leaves = false;
  for (const rule of ruleset.rules) {
    const match = ground.matches(rule);
    if (match.kind === 'no') continue;
    const step = stepOf(ground, ruleset, rule, above);
    if (step === returned) leaves = true;
    const taken = step === returned ? { ...untouched, passes: false } : step;
    walking = then(
      walking,
      match.kind === 'yes' ? taken : either({ ...untouched, doubt: match.doubt }, taken),
    );
    if (!walking.passes) break;
  }
  if (walking.passes) {
    const end = defaultOf(ground, ruleset, above);
    if (end === returned) leaves = true;
    else walking = then(walking, end);
  }
  const outcome = { ...walking, passes: walking.passes || leaves };
  ground.walked.set(ruleset, outcome);
  return outcome;
}

function stepOf(
  ground: Ground,
  ruleset: Ruleset,
  rule: FirewallRule,
  above: readonly Ruleset[],
): Outcome | typeof returned {
  const what = `rule ${rule.number} of ${ruleset.title}`;
  const { action } = rule;
  const doubt = (why: string) => undecidable({ at: rule.at, path: rule.path, why });
  switch (action?.value) {
    case 'accept':
    case 'drop':
    case 'reject':
      return decided({ action, at: rule.at, what, ruleset, rule });
    case 'jump':
      return jump(ground, rule.jumpTarget, [...above, ruleset]) ?? doubt(`${what} jumps to no ruleset`);
    case 'return':
      return returned;
    // A flow is offloaded where packets are forwarded, and its first packets go on.
    case 'continue':
    case 'offload':
      return untouched;
    case undefined:
      return doubt(`${what} has no action, and VyOS commits no firewall with it`);
    default:
      return doubt(
        `what becomes of a packet after the action ${action?.value} of ${what} is not in the dump`,
      );
  }
}

function defaultOf(ground: Ground, ruleset: Ruleset, above: readonly Ruleset[]): Outcome | typeof returned {
  const { defaultAction: action } = ruleset;
  const what = `the default-action of ${ruleset.title}`;
  const at = action.origin.at;
  switch (action.value) {
    case 'accept':
    case 'drop':
    case 'reject':
      return decided({ action, at, what, ruleset, rule: undefined });
    case 'jump': {
      const missing = undecidable({ at, path: action.path, why: `${what} jumps to no ruleset` });
      return jump(ground, ruleset.defaultJumpTarget, [...above, ruleset]) ?? missing;
    }
    case 'continue':
    case 'return':
      return returned;
    default:
      return undecidable({ at, path: action.path, why: `${what} is ${action.value}` });
  }
}

function jump(
  ground: Ground,
  target: Setting<string> | undefined,
  above: readonly Ruleset[],
): Outcome | undefined {
  if (!target) return undefined;
  const doubt = (why: string) => undecidable({ at: target.origin.at, path: target.path, why });
  const ruleset = ground.named(target.value);
  if (!ruleset) return doubt(`the ruleset ${target.value} is not in the dump`);
  if (above.includes(ruleset)) return doubt(`the rulesets jump in a circle, back to ${target.value}`);
  if (above.length > deepest) return doubt('the rulesets jump deeper than nftables follows');
  return walkRuleset(ground, ruleset, above);
}
