import type { Plan, SitePlan } from '../fix/plan.ts';
import { positionAt } from '../source/index.ts';
import { inertJson } from './inert.ts';

/** The machine-readable plan; its shape is a contract, see docs/fix.schema.json. */
export function renderFixJson(plan: Plan, tool: { readonly name: string; readonly version: string }): string {
  const document = {
    schemaVersion: 1,
    tool: { name: tool.name, version: tool.version },
    sites: plan.sites.map(siteToJson),
    left: plan.left.map(({ ruleId, severity, message, why, sites, todo, commands, fingerprint }) => ({
      ruleId,
      severity,
      message,
      why,
      sites,
      todo,
      commands,
      fingerprint,
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

function siteToJson({ name, file, steps, alsoChanges }: SitePlan): object {
  return {
    name,
    file: file.name,
    alsoChanges,
    steps: steps.map(({ command, verb, words, mends, weakens, replaces }) => ({
      command,
      verb,
      path: words,
      mends: { ruleId: mends.ruleId, severity: mends.severity, message: mends.message },
      weakens,
      replacesLines: replaces.map(({ start }) => positionAt(file, start).line),
    })),
  };
}
