import type {
  ChildCourse,
  Course,
  DirectionCourse,
  Message,
  Payload,
  Sequence,
  Timeline,
} from '../lint/course.ts';
import type { Side } from '../lint/report.ts';
import { inertJson } from './inert.ts';

/** The course for other programs; its shape is a contract, see docs/negotiate.schema.json. */
export function renderCourseJson({ report, links }: Course, initiator?: Side): string {
  const { tool, sites, unpaired } = report;
  const document = {
    schemaVersion: 1,
    tool: { name: tool.name, version: tool.version },
    sites: sites.map(({ name, file, notation, vyos }) => ({ name, file: file.name, notation, vyos })),
    links: links.map(({ link, directions }) => ({
      a: { site: link.a.site, peer: link.a.peer },
      b: { site: link.b.site, peer: link.b.peer },
      directions: directions
        .filter((direction) => initiator === undefined || direction.initiator === initiator)
        .map(directionToJson),
    })),
    unpaired: unpaired.map(({ site, peer, why }) => ({ site, peer, why })),
  };
  return `${inertJson(JSON.stringify(document, null, 2))}\n`;
}

function directionToJson({ initiator, onlyAnswers, children }: DirectionCourse): object {
  return { initiator, onlyAnswers, children: children.map(childToJson) };
}

function childToJson(course: ChildCourse): object {
  const { negotiation, setup, assumed, childRekey, ikeRekey, laterChild, losses, timelines } = course;
  return {
    child: negotiation.child,
    ikeVersion: negotiation.ikeVersion,
    outcome: negotiation.result.outcome,
    assumed,
    setup: sequenceToJson(setup),
    ...(childRekey ? { childRekey: bothToJson(childRekey) } : {}),
    ...(ikeRekey ? { ikeRekey: bothToJson(ikeRekey) } : {}),
    ...(laterChild ? { onExistingIkeSa: sequenceToJson(laterChild) } : {}),
    ...(losses.length > 0 ? { lost: losses } : {}),
    timelines: timelines.map(timelineToJson),
  };
}

function bothToJson({ a, b }: Readonly<Record<Side, Sequence>>): object {
  return { a: sequenceToJson(a), b: sequenceToJson(b) };
}

function sequenceToJson({ initiator, messages, end, explainedBy }: Sequence): object {
  const other = initiator === 'a' ? 'b' : 'a';
  const shared = {
    initiator,
    outcome: end.kind,
    messages: messages.map((message) =>
      messageToJson(message, message.from === 'initiator' ? initiator : other),
    ),
  };
  switch (end.kind) {
    case 'failed': {
      const { phase, exchange, notify, reason, detectedBy } = end.failure;
      return { ...shared, failure: { phase, exchange, notify, reason, detectedBy }, explainedBy };
    }
    case 'unknown':
      return { ...shared, why: end.why };
    default:
      return shared;
  }
}

function messageToJson({ exchange, type, id, payloads, refused, fate, sent }: Message, from: Side): object {
  return { exchange, type, id, from, payloads: payloads.map(payloadToJson), refused, fate, sent };
}

function payloadToJson(payload: Payload): object {
  const { name } = payload;
  switch (payload.kind) {
    case 'proposals':
      return { name, proposals: payload.proposals };
    case 'key-exchange':
      return { name, group: payload.group };
    case 'identity':
      return { name, identity: payload.identity };
    case 'selectors':
      return { name, selectors: payload.selectors };
    case 'notify':
      return {
        name,
        notify: payload.notify,
        status: payload.status,
        ...(payload.group === undefined ? {} : { group: payload.group }),
      };
    case 'plain':
      return { name };
  }
}

function timelineToJson({ sa, clocks, fates, first, end }: Timeline): object {
  const side = (of: Side) => ({ soft: clocks[of].soft, hard: clocks[of].hard, rekey: fates[of] });
  return { sa, a: side('a'), b: side('b'), first, end };
}
