import type { Mended, Plan, SitePlan } from '../fix/plan.ts';
import { positionAt } from '../source/index.ts';
import { inertJson } from './inert.ts';

/** The machine-readable plan; its shape is a contract, see docs/fix.schema.json. */
export function renderFixJson(plan: Plan, tool: { readonly name: string; readonly version: string }): string {
  const document = {
    schemaVersion: 1,
    tool: { name: tool.name, version: tool.version },
    sites: plan.sites.map((site) => siteToJson(site, plan)),
    left: plan.left.map((left) => ({
      ...mendedToJson(left, plan),
      why: left.why,
      sites: left.sites,
      todo: left.todo,
      commands: left.commands,
      fingerprint: left.fingerprint,
    })),
    notJudged: plan.notJudged.map(({ why, a, b, places }) => ({
      why,
      a: { site: a.site, peer: a.peer },
      b: { site: b.site, peer: b.peer },
      places: places.map(({ site, at, path }) => ({ site, line: positionAt(at.file, at.start).line, path })),
    })),
    summary: {
      found: plan.found,
      mended: plan.mended,
      left: plan.left.length,
      warnings: plan.warnings,
      exhaustive: plan.exhaustive,
    },
  };
  return `${inertJson(JSON.stringify(document, null, 2))}\n`;
}

/** Of two sites A is the first; only where there are more does a message need the ends that it speaks of. */
function mendedToJson({ ruleId, severity, message, link }: Mended, { sites }: Plan): object {
  const ends = link && {
    a: { site: link.a.site, peer: link.a.peer },
    b: { site: link.b.site, peer: link.b.peer },
  };
  return { ruleId, severity, message, ...(sites.length > 2 ? { link: ends } : {}) };
}

function siteToJson({ name, file, steps, alsoChanges }: SitePlan, plan: Plan): object {
  return {
    name,
    file: file.name,
    alsoChanges,
    steps: steps.map(({ command, verb, words, mends, weakens, replaces }) => ({
      command,
      verb,
      path: words,
      mends: mendedToJson(mends, plan),
      weakens,
      replacesLines: replaces.map(({ start }) => positionAt(file, start).line),
    })),
  };
}
