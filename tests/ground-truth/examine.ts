/** One pair of sites in the laboratory: what the forecast says against what the daemons do. */

import { ikeClock } from '../../src/ike/clock.ts';
import type { Ladders } from '../../src/ike/ladder.ts';
import type { Ladder } from '../../src/ike/message.ts';
import type { Negotiation, Side } from '../../src/ike/outcome.ts';
import type { LoadedSite } from '../../src/strongswan/load-site.ts';
import { renderConf } from '../../src/strongswan/render.ts';
import { type PairSpec, toDump } from '../arbitrary/site.ts';
import { forecast, judge, loadDump, type Verdict } from './compare.ts';
import { type Logs, limitOf } from './diagnose.ts';
import { hostsOfSites } from './hosts.ts';
import { type Laboratory, sides } from './laboratory.ts';
import { type MissingLine, missingLines } from './log-lines.ts';
import { directionName, mendedPair, nothingExpected, stands } from './mended.ts';
import { nftables } from './nftables.ts';
import { type Observation, observeConnection } from './observe.ts';
import { withSecrets } from './reveal-secrets.ts';
import { type WireOptions, type WrongMessage, wrongContents, wrongMessages, wrongTimers } from './wire.ts';

export interface Direction {
  readonly verdict: Verdict | 'beyond-laboratory' | 'traffic' | 'log' | 'wire' | 'not-mended';
  readonly seen: Observation;
  readonly negotiation: Negotiation | undefined;
  /** Lines of the forecast's log that were not written. */
  readonly missing: readonly MissingLine[];
  /** Messages of the ladder that were not exchanged, or not so. */
  readonly wrong: readonly WrongExchange[];
}

/** `what` is the sequence that it is of: the setup, a rekey. */
export interface WrongExchange extends WrongMessage {
  readonly what: string;
}

export interface Examination {
  readonly dumps: Readonly<Record<Side, string>>;
  readonly swanctl: Readonly<Record<Side, string>>;
  readonly said: Readonly<Record<Side, string>>;
  readonly directions: readonly Direction[];
}

/**
 * What a laboratory must do otherwise than a router: nothing starts, is tried again or is watched by itself, and no
 * script of VyOS's is run; none of that is negotiated. There are no certificates: an end that needs one has none. The
 * passthrough children, which keep traffic out of a tunnel, are left out, as they were where fixtures/observed comes
 * from.
 */
export function forLaboratory(configuration: string): string {
  return configuration
    .replaceAll(/^( *(?:start_action|close_action|dpd_action)) = .*$/gm, '$1 = none')
    .replaceAll(/^( *keyingtries) = .*$/gm, '$1 = 1')
    .replaceAll(/^( *)\S+-passthrough \{\n[^}]*\}\n/gm, '')
    .replaceAll(/^ *(?:certs|pubkeys|send_cert) = .*\n/gm, '')
    .replaceAll(/^ *(?:updown|if_id_in|if_id_out|dpd_delay|dpd_timeout) = .*\n/gm, '');
}

/** `fixed`: the pair after what `fix` says of it was worked into its dumps. */
export async function examine(
  laboratory: Laboratory,
  pair: PairSpec,
  { fixed = false }: { readonly fixed?: boolean } = {},
): Promise<Examination> {
  const walled = withinReach(pair);
  const written = { a: toDump(walled.a), b: toDump(walled.b) };
  const { dumps, standing } = fixed ? mendedPair(written) : { dumps: written, standing: nothingExpected };
  const sites = { a: loadDump('a', dumps.a), b: loadDump('b', dumps.b) };
  const swanctl = {
    a: forLaboratory(withSecrets(renderConf(sites.a), sites.a)),
    b: forLaboratory(withSecrets(renderConf(sites.b), sites.b)),
  };
  const hosts = hostsOfSites(sites);
  const load = async (side: Side) => {
    await laboratory.routers[side].setHosts(hosts[side]);
    return laboratory.routers[side].load(swanctl[side]);
  };
  const marks = { a: laboratory.routers.a.logMark(), b: laboratory.routers.b.logMark() };
  const [a, b] = await Promise.all([load('a'), load('b')]);
  // What an operator finds of it: charon's lines, and swanctl's.
  const loading = {
    a: [...laboratory.routers.a.logSince(marks.a), ...a.split('\n')],
    b: [...laboratory.routers.b.logSince(marks.b), ...b.split('\n')],
  };
  const facing = { a: connectionOf(sites.a, pair.a), b: connectionOf(sites.b, pair.b) };
  const directions: Direction[] = [];
  for (const initiator of sides) {
    const responderConfiguration = swanctl[initiator === 'a' ? 'b' : 'a'];
    const link = { laboratory, initiator, responderConfiguration };
    for (const source of sites[initiator].sources) {
      // The mended pair has another firewall than the pair was made with: none is put up.
      for (const side of sides) {
        await laboratory.routers[side].setFirewall(fixed ? '' : nftables(walled[side]));
      }
      const connections = { ...facing, [initiator]: source.connection };
      const forecasts = forecast(initiator, sites, connections);
      const children = source.children.map(({ name }) => ({ connection: source.connection, child: name }));
      const observations = await observeConnection(link, children);
      for (const seen of observations) {
        const found = forecasts.find(({ negotiation: { child } }) => child === seen.child);
        const negotiation = found?.negotiation;
        const result = negotiation?.result;
        const logs = { ...seen.logs, initiator: [...loading[initiator], ...seen.logs.initiator] };
        // What VyOS itself refuses it says in its own words, and there is no VyOS here.
        const refused = sites[initiator].refusals.length > 0;
        const missing = result?.outcome === 'failed' && !refused ? missingLines(result.log, logs) : [];
        const wrong = found ? wrongExchanges(seen, found.ladders) : [];
        const mustStand = standing.has(directionName(initiator, source.peer.name, seen.child));
        const verdict =
          mustStand && !stands(seen) ? 'not-mended' : verdictOf(seen, negotiation, missing, wrong);
        directions.push({ verdict, seen, negotiation, missing, wrong });
      }
    }
  }
  return { dumps, swanctl, said: { a, b }, directions };
}

/**
 * The laboratory's own ESP goes through UDP 4500 alone, so that every exchange moves there (ike_natd.c, force_encap): it
 * is told so where a firewall makes a difference of that.
 */
function withinReach(pair: PairSpec): PairSpec {
  if (!pair.a.firewall && !pair.b.firewall) return pair;
  const encapsulated = (site: PairSpec['a']): PairSpec['a'] => {
    const [facing, ...others] = site.peers.map((peer) => ({ ...peer, forceUdpEncapsulation: true }));
    return facing ? { ...site, peers: [facing, ...others] } : site;
  };
  return { ...pair, a: encapsulated(pair.a), b: encapsulated(pair.b) };
}

function connectionOf(site: LoadedSite, spec: PairSpec['a']): string {
  const [facing] = spec.peers;
  return site.sources.find(({ peer }) => peer.name === facing.name)?.connection ?? '';
}

function verdictOf(
  seen: Observation,
  negotiation: Negotiation | undefined,
  missing: readonly MissingLine[],
  wrong: readonly WrongExchange[],
): Direction['verdict'] {
  if (negotiation?.result.outcome === 'unknown') return 'unknown';
  if (seen.outcome === 'beyond-laboratory') return 'beyond-laboratory';
  const verdict = judge(seen, negotiation);
  if (verdict !== 'agree') return verdict;
  if (seen.outcome === 'established' && seen.traffic.length > 0) return 'traffic';
  if (missing.length > 0) return 'log';
  return wrong.length > 0 ? 'wire' : 'agree';
}

/** Each sequence that was seen against its ladder. */
function wrongExchanges(seen: Observation, forecast: Ladders): readonly WrongExchange[] {
  const check = (
    what: string,
    ladder: Ladder | undefined,
    logs: Logs | undefined,
    options?: WireOptions,
  ): readonly WrongExchange[] =>
    ladder && logs && !limitOf(logs)
      ? [...wrongMessages(ladder, logs, options), ...wrongContents(ladder, logs)].map((wrong) => ({
          what,
          ...wrong,
        }))
      : [];
  const later = { later: true };
  const over = forecast.standing?.over;
  const timers = over
    ? wrongTimers(
        {
          initiator: ikeClock(over.connection.lifetime),
          responder: ikeClock(over.responderConnection.lifetime),
        },
        seen.setup,
      )
    : [];
  return [
    ...timers.map((wrong) => ({ what: "the IKE_SA's timers", ...wrong })),
    ...check('the setup', forecast.setup, seen.setup),
    ...sides.flatMap((side) => [
      ...check(`the CHILD_SA's rekey by ${side}`, forecast.childRekey?.[side], seen.rekeys?.[side], later),
      ...check(`the IKE_SA's rekey by ${side}`, forecast.ikeRekey?.[side], seen.ikeRekeys?.[side], later),
    ]),
    ...check('the child over an IKE_SA that stands', forecast.laterChild, seen.later, later),
  ];
}

export function disagreements({ directions }: Examination): readonly Direction[] {
  return directions.filter(({ verdict }) =>
    ['disagree', 'traffic', 'log', 'wire', 'not-mended'].includes(verdict),
  );
}
