/** What `negotiate` tells: the messages of every negotiation and where they stop, the rekeys, and the timers. */
import type { Ladder } from '../ike/message.ts';
import type { Negotiation, Reason, Side } from '../ike/outcome.ts';
import type { Timeline } from '../ike/timeline.ts';
import type { Report, ReportLink } from './report.ts';

export type { Ladder, LadderEnd, Message, Payload, WireExchange } from '../ike/message.ts';
export type { Clock, RekeyFate, Timeline, TimelineEnd } from '../ike/timeline.ts';

/** A sequence of messages, and the rules that explain why it stops where it does. */
export interface Sequence extends Ladder {
  readonly explainedBy: readonly string[];
}

/** The packets of the tunnel that `by` sends are lost once it is up. */
export interface Loss {
  readonly by: Side;
  readonly reason: Reason;
  readonly explainedBy: readonly string[];
}

/** One child of the initiator's. */
export interface ChildCourse {
  readonly negotiation: Negotiation;
  readonly setup: Sequence;
  /** What the dumps do not tell and is taken to be well, each as a sentence without a full stop. */
  readonly assumed: readonly string[];
  /** Started by either side, where a CHILD_SA stands. */
  readonly childRekey?: Readonly<Record<Side, Sequence>>;
  /** IKEv2 alone. */
  readonly ikeRekey?: Readonly<Record<Side, Sequence>>;
  /** The child over the IKE_SA that an earlier child made. */
  readonly laterChild?: Sequence;
  /** What loses the tunnel as soon as it is up; no rekey comes after that. */
  readonly losses: readonly Loss[];
  /** Of the IKE_SA and of the CHILD_SA; empty where none stands. */
  readonly timelines: readonly Timeline[];
}

/** What happens when one side calls. */
export interface DirectionCourse {
  readonly initiator: Side;
  /** Why this side never calls, as a fragment without a full stop; null where it may. */
  readonly onlyAnswers: string | null;
  readonly children: readonly ChildCourse[];
}

/** What happens between two peers that face each other. */
export interface LinkCourse {
  readonly link: ReportLink;
  /** Whether the user expects it to be down: that it fails is as it should be. */
  readonly expectedDown: boolean;
  /** A as initiator, then B. */
  readonly directions: readonly [DirectionCourse, DirectionCourse];
}

/** All that `negotiate` tells of two dumps or more. */
export interface Course {
  readonly report: Report;
  readonly links: readonly LinkCourse[];
}
