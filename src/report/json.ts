import type { Finding, Location } from '../lint/finding.ts';
import type { ChildOutcome, Failure, Negotiation, Report, ReportLink } from '../lint/report.ts';
import { inertJson } from './inert.ts';
import { placeOf } from './place.ts';

/** The machine-readable report; its shape is a contract, see docs/report.schema.json. */
export function renderJson(report: Report): string {
  const document = {
    schemaVersion: 1,
    tool: { name: report.tool.name, version: report.tool.version },
    sites: report.sites.map(({ name, file, notation, vyos, vyosReason }) => ({
      name,
      file: file.name,
      notation,
      vyos,
      ...(vyosReason === undefined ? {} : { vyosReason }),
    })),
    links: report.links.map(linkToJson),
    unpaired: report.unpaired.map(({ site, peer, why, candidates }) => ({ site, peer, why, candidates })),
    findings: report.findings.map((finding) => findingToJson(finding, report)),
    suppressed: report.suppressed.map(({ finding, suppression }) => ({
      finding: findingToJson(finding, report),
      suppression: { by: suppression.by, reason: suppression.reason },
    })),
    summary: summaryToJson(report.summary),
  };
  return `${inertJson(JSON.stringify(document, null, 2))}\n`;
}

function linkToJson({ a, b, pairing, negotiations }: ReportLink): object {
  return {
    a: { site: a.site, peer: a.peer },
    b: { site: b.site, peer: b.peer },
    pairing: { kind: pairing.kind, signs: pairing.signs, against: pairing.against },
    negotiations: negotiations.map(negotiationToJson),
  };
}

function negotiationToJson(negotiation: Negotiation): object {
  const { initiator, child, ikeVersion, result, onExistingIkeSa, hidden, afterwards } = negotiation;
  const lost = afterwards.flatMap((later) =>
    later.kind === 'lost' ? [{ by: later.by, reason: later.failure.reason }] : [],
  );
  return {
    initiator,
    child,
    ikeVersion,
    outcome: result.outcome,
    ...resultToJson(result),
    ...(onExistingIkeSa === undefined ? {} : { onExistingIkeSa: childOutcomeToJson(onExistingIkeSa) }),
    ...(lost.length > 0 ? { lost } : {}),
    hidden: hidden.map(failureToJson),
  };
}

function resultToJson(result: Negotiation['result']): object {
  switch (result.outcome) {
    case 'established':
      return {
        ikeProposal: result.ikeProposal,
        espProposal: result.espProposal,
        trafficSelectors: { local: result.trafficSelectors.local, remote: result.trafficSelectors.remote },
        invalidKePayload: result.invalidKePayload,
        rekey: { a: childOutcomeToJson(result.rekey.a), b: childOutcomeToJson(result.rekey.b) },
      };
    case 'failed':
      return failureToJson(result);
    case 'unknown':
      return { why: result.why };
  }
}

function failureToJson({ phase, exchange, notify, reason, detectedBy, log }: Failure): object {
  const { initiator, responder } = log;
  return { phase, exchange, notify, reason, detectedBy, log: { initiator, responder } };
}

function childOutcomeToJson(outcome: ChildOutcome): object {
  switch (outcome.outcome) {
    case 'established':
      return { outcome: outcome.outcome, espProposal: outcome.espProposal };
    case 'failed':
      return { outcome: outcome.outcome, notify: outcome.notify };
    case 'unknown':
      return { outcome: outcome.outcome };
  }
}

function findingToJson(finding: Finding, report: Report): object {
  const { ikeError, log } = finding;
  return {
    ruleId: finding.ruleId,
    severity: finding.severity,
    message: finding.message,
    ikeError: ikeError && { notify: ikeError.notify, code: ikeError.code },
    exchange: finding.exchange,
    consequence: finding.consequence,
    initiators: finding.initiators.toSorted(),
    log: { a: log.a, b: log.b },
    hiddenBehind: finding.hiddenBehind,
    link: finding.link,
    locations: finding.locations.flatMap((location) => locationToJson(location, report)),
    fix: finding.fix.map(({ site, commands }) => ({ site, commands })),
    fixAll: finding.fixAll ?? false,
    fingerprint: finding.fingerprint,
  };
}

function locationToJson(location: Location, report: Report): object[] {
  const site = report.sites[location.site];
  if (site === undefined) return [];
  const { path, value, origin, label } = location;
  return [{ site: location.site, ...placeOf(location, site), path, value, origin, label }];
}

function summaryToJson(summary: Report['summary']): object {
  const { errors, warnings, infos, links, unpairedPeers, suppressed } = summary;
  return { errors, warnings, infos, links, unpairedPeers, suppressed };
}
