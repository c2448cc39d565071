/** Has the two daemons do what two configurations ask for, and writes down what becomes of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildOutcome, Notify, Reason, Role, Side } from '../../src/ike/outcome.ts';
import { diagnose, type Logs, limitOf, notifyOf } from './diagnose.ts';
import type { Laboratory, Router } from './laboratory.ts';
import {
  type ChildSa,
  childSas,
  espProposalOf,
  type IkeSa,
  ikeProposalOf,
  listSas,
  terminateAll,
} from './security-associations.ts';
import { checkTraffic } from './traffic.ts';

/** What is to be initiated: a child of a connection, by the names in swanctl.conf. */
export interface ChildName {
  readonly connection: string;
  /** `tunnel-1`, `vti`. */
  readonly child: string;
}

interface Seen {
  readonly initiator: Side;
  readonly connection: string;
  readonly child: string;
  readonly logs: Logs;
  /** What both wrote of the setup alone, of each side's rekey, and of the child over an IKE_SA that stands. */
  readonly setup: Logs;
  readonly rekeys?: Readonly<Record<Side, Logs>>;
  /** IKEv2: of the IKE_SA's rekey. */
  readonly ikeRekeys?: Readonly<Record<Side, Logs>>;
  readonly later?: Logs;
  readonly onExistingIkeSa?: LaterOutcome;
}

/** Beyond the laboratory: what a CHILD_SA over an IKE_SA that stands came to, or would have. */
export type LaterOutcome = ChildOutcome | { readonly outcome: 'beyond-laboratory' };

export type Observation = Seen &
  (
    | {
        readonly outcome: 'established';
        readonly ikeProposal: string;
        readonly espProposal: string;
        readonly trafficSelectors: { readonly local: readonly string[]; readonly remote: readonly string[] };
        readonly invalidKePayload: boolean;
        readonly rekey: Readonly<Record<Side, LaterOutcome>>;
        /** What went wrong with the packets, as sentences; empty where nothing did. */
        readonly traffic: readonly string[];
      }
    | {
        readonly outcome: 'failed';
        readonly phase: 'ike' | 'child';
        readonly notify: Notify | null;
        readonly reason: Reason | undefined;
        readonly detectedBy: Role | null;
      }
    /** The laboratory cannot do it. */
    | { readonly outcome: 'beyond-laboratory'; readonly why: string }
  );

/** The daemons with their configurations loaded. */
export interface Link {
  readonly laboratory: Laboratory;
  readonly initiator: Side;
  /** The responder's swanctl.conf. */
  readonly responderConfiguration: string;
}

interface Ends {
  readonly initiator: Router;
  readonly responder: Router;
}

function endsOf({ laboratory, initiator }: Link): Ends {
  const { a, b } = laboratory.routers;
  return initiator === 'a' ? { initiator: a, responder: b } : { initiator: b, responder: a };
}

/** Initiates each child of a connection alone, then all of them over one IKE_SA. */
export async function observeConnection(
  link: Link,
  children: readonly ChildName[],
): Promise<readonly Observation[]> {
  const alone: Observation[] = [];
  for (const child of children) alone.push(await observeChild(link, child));
  if (children.length < 2) return alone;
  const later = await observeLaterChildren(link, children);
  return alone.map((seen, index) => {
    const after = later[index];
    return after ? { ...seen, onExistingIkeSa: after.outcome, later: after.logs } : seen;
  });
}

async function observeChild(link: Link, name: ChildName): Promise<Observation> {
  const ends = endsOf(link);
  await reset(ends);
  const logs = record(ends);
  const error = await initiate(ends.initiator, name);
  await quiet(ends);
  const written = logs();
  const seen: Seen = { initiator: link.initiator, ...name, logs: written, setup: written };
  const limit = limitOf(written);
  if (limit) return { ...seen, outcome: 'beyond-laboratory', why: limit };
  const standing = await standingChild(ends.initiator, name);
  if (!standing) {
    if (/not found/.test(error ?? '')) {
      return {
        ...seen,
        outcome: 'failed',
        phase: 'ike',
        notify: null,
        reason: 'not-loaded',
        detectedBy: 'initiator',
      };
    }
    const sas = await listSas(ends.initiator.vici);
    const phase = sas.some(({ state }) => state === 'ESTABLISHED') ? 'child' : 'ike';
    return { ...seen, outcome: 'failed', phase, ...diagnose(written, link.responderConfiguration) };
  }
  const { ikeSa, child } = standing;
  const traffic = await checkTraffic(ends.initiator, ends.responder, child);
  const a = await observeRekey(ends, ends.initiator.side === 'a' ? 'initiator' : 'responder');
  const b = await observeRekey(ends, ends.initiator.side === 'b' ? 'initiator' : 'responder');
  const all = logs();
  const ikeRekeys = ikeSa.version === 2 && {
    a: await observeIkeRekey(ends, name, ends.initiator.side === 'a' ? 'initiator' : 'responder'),
    b: await observeIkeRekey(ends, name, ends.initiator.side === 'b' ? 'initiator' : 'responder'),
  };
  return {
    ...seen,
    ...(ikeRekeys ? { ikeRekeys } : {}),
    outcome: 'established',
    ikeProposal: ikeProposalOf(ikeSa),
    espProposal: espProposalOf(child),
    trafficSelectors: { local: child.localSelectors, remote: child.remoteSelectors },
    invalidKePayload: written.initiator.some((line) => /peer didn't accept DH group/.test(line)),
    rekey: { a: a.outcome, b: b.outcome },
    rekeys: { a: a.logs, b: b.logs },
    traffic,
    logs: all,
  };
}

async function observeLaterChildren(
  link: Link,
  children: readonly ChildName[],
): Promise<readonly (After | undefined)[]> {
  const ends = endsOf(link);
  await reset(ends);
  const outcomes: (After | undefined)[] = [];
  for (const [index, name] of children.entries()) {
    const before = await listSas(ends.initiator.vici);
    const stands = before.some(({ state }) => state === 'ESTABLISHED');
    if (index > 0 && !stands) return outcomes;
    const logs = record(ends);
    await initiate(ends.initiator, name);
    await quiet(ends);
    if (index === 0) {
      outcomes.push(undefined);
      continue;
    }
    const standing = await standingChild(ends.initiator, name);
    const written = logs();
    const outcome: LaterOutcome = limitOf(written)
      ? { outcome: 'beyond-laboratory' }
      : standing
        ? { outcome: 'established', espProposal: espProposalOf(standing.child) }
        : { outcome: 'failed', notify: notifyOf(written) };
    outcomes.push({ outcome, logs: written });
  }
  return outcomes;
}

/** Sends the initiator's wish and waits for the end of it; gives charon's complaint, if it has one. */
async function initiate(router: Router, { connection, child }: ChildName): Promise<string | undefined> {
  const answer = await router.vici.command('initiate', {
    ike: connection,
    child: `${connection}-${child}`,
    timeout: '5000',
  });
  return answer.success === 'yes' ? undefined : String(answer.errmsg ?? '');
}

async function standingChild(
  router: Router,
  { connection, child }: ChildName,
): Promise<{ readonly ikeSa: IkeSa; readonly child: ChildSa } | undefined> {
  const sas = await listSas(router.vici);
  for (const ikeSa of sas) {
    if (ikeSa.state !== 'ESTABLISHED') continue;
    const found = ikeSa.children.find(
      ({ name, state }) => name === `${connection}-${child}` && state === 'INSTALLED',
    );
    if (found) return { ikeSa, child: found };
  }
  return undefined;
}

const rekeyEnd =
  /no CHILD_SA built|received \w+ error notify|no matching proposal found|giving up after|peer selected invalid/;

/** What came of a CHILD_SA over an IKE_SA that stands; of a rekey, the initiator is the end that asks for it. */
interface After {
  readonly outcome: LaterOutcome;
  readonly logs: Logs;
}

/** Rekeys the newest CHILD_SA, from one end. */
async function observeRekey(ends: Ends, from: Role): Promise<After> {
  const router = ends[from];
  // IKEv1 may keep the one that an earlier rekey replaced.
  const before = childSas(await listSas(router.vici));
  const known = new Set(before.map(({ uniqueId }) => uniqueId));
  const old = before.findLast(({ state }) => state === 'INSTALLED');
  if (!old) return { outcome: { outcome: 'failed', notify: null }, logs: { initiator: [], responder: [] } };
  const logs = recordFrom(ends, from);
  await router.vici.command('rekey', { 'child-id': old.uniqueId });
  // Four seconds: longer than the retransmits, and than the slowest Diffie-Hellman group.
  let ended = false;
  for (let tries = 0; tries < 400; tries += 1) {
    const now = childSas(await listSas(router.vici));
    const successor = now.find(({ uniqueId, state }) => state === 'INSTALLED' && !known.has(uniqueId));
    if (successor) {
      await quiet(ends);
      return { outcome: { outcome: 'established', espProposal: espProposalOf(successor) }, logs: logs() };
    }
    if (ended) break;
    ended = logs().initiator.some((line) => rekeyEnd.test(line));
    await sleep(ended ? 1 : 5);
  }
  await quiet(ends);
  const written = logs();
  const outcome: LaterOutcome = limitOf(written)
    ? { outcome: 'beyond-laboratory' }
    : { outcome: 'failed', notify: notifyOf(written) };
  return { outcome, logs: written };
}

/** Rekeys the IKE_SA, from one end: a new one, as a rekey may choose another proposal than the setup. */
async function observeIkeRekey(ends: Ends, name: ChildName, from: Role): Promise<Logs> {
  await reset(ends);
  await initiate(ends.initiator, name);
  await quiet(ends);
  const router = ends[from];
  const old = (await listSas(router.vici)).find(({ state }) => state === 'ESTABLISHED');
  const logs = recordFrom(ends, from);
  if (!old) return logs();
  await router.vici.command('rekey', { 'ike-id': old.uniqueId });
  // Four seconds, as above.
  for (let tries = 0; tries < 400; tries += 1) {
    const now = await listSas(router.vici);
    const replaced = now.some(({ state, uniqueId }) => state === 'ESTABLISHED' && uniqueId !== old.uniqueId);
    if (replaced && now.every(({ uniqueId }) => uniqueId !== old.uniqueId)) break;
    await sleep(5);
  }
  await quiet(ends);
  return logs();
}

/** As `record`, with the end that asks as the initiator. */
function recordFrom(ends: Ends, from: Role): () => Logs {
  const recorded = record(ends);
  const other = from === 'initiator' ? 'responder' : 'initiator';
  return () => {
    const written = recorded();
    return { initiator: written[from], responder: written[other] };
  };
}

async function reset({ initiator, responder }: Ends): Promise<void> {
  for (let tries = 0; tries < 20; tries += 1) {
    const ended = await Promise.all([terminateAll(initiator.vici), terminateAll(responder.vici)]);
    if (ended.every((count) => count === 0)) break;
    await quiet({ initiator, responder });
  }
}

function record({ initiator, responder }: Ends): () => Logs {
  const marks = { initiator: initiator.logMark(), responder: responder.logMark() };
  return () => ({
    initiator: initiator.logSince(marks.initiator),
    responder: responder.logSince(marks.responder),
  });
}

/** Waits until neither daemon writes: a message may still be on its way when the other end has done with it. */
async function quiet({ initiator, responder }: Ends): Promise<void> {
  let last = -1;
  // At most half a second.
  for (let tries = 0; tries < 50; tries += 1) {
    const now = initiator.logMark() + responder.logMark();
    if (now === last) return;
    last = now;
    await sleep(10);
  }
}
