import { createHash } from 'node:crypto';
import type { WrittenEntry } from '../audit/read.ts';
import { isSettled, TASK_STATES } from '../erasure/words.ts';
import { isMeant } from './endpoint.ts';

/** Something that happened, as endpoints are told of it. */
export interface WebhookEvent {
  /** The message's `webhook-id`: made from the audit entry, so the same in every try. */
  id: string;
  type: string;
  /** JSON: `{ type, timestamp, data }`. */
  body: string;
}

/** Makes the id that the API shows of an object. */
export type GlobalId = (type: 'Customer' | 'Erasure', id: string) => string;

/** Words that event types begin with. */
export const EVENT_FAMILIES = ['erasure', 'erasures', 'task', 'hold', 'cap', 'account'] as const;

/** Actions of the audit log that are events by the same name. */
const TOLD = ['erasure.*', 'erasures.*', 'hold.*', 'cap.reached', 'account.reappeared'];

/** A cap that refuses all that a stolen token asks for is told of once a minute, by `cap.reached`. */
const REFUSED_BY_CAP = 'ErasureCapError';

function typeOf({ action, details }: WrittenEntry): string | null {
  if (details['refusal'] === REFUSED_BY_CAP) return null;
  if (isMeant(action, TOLD)) return action;
  if (details['waitingReason'] === 'NEEDS_REVIEW') return 'task.needs_review';
  const state = 'taskId' in details && TASK_STATES.find((state) => state === details['state']);
  return state && isSettled(state) ? `task.${state.toLowerCase()}` : null;
}

const idOf = ({ id, at, action }: WrittenEntry): string =>
  `msg_${createHash('sha256')
    .update(JSON.stringify([id, at, action]))
    .digest('hex')
    .slice(0, 32)}`;

/** What endpoints are told. Names no person: no actor, no reason, no key, nothing that a provider said. */
function dataOf(entry: WrittenEntry, globalId: GlobalId): object {
  const { customerId, erasureId, sequence, integrationId, role, details } = entry;
  const word = (name: string): unknown => details[name] ?? null;
  return {
    auditEntryId: String(entry.id),
    customerId: customerId && globalId('Customer', customerId),
    erasureId: erasureId && globalId('Erasure', erasureId),
    sequence,
    integrationId,
    role,
    state: word('state'),
    outcome: word('outcome'),
    verdict: word('verdict'),
    errorCode: word('errorCode'),
    refusal: word('refusal'),
    cap: word('cap'),
  };
}

/** The event that an audit entry is; null when it is none. */
export function eventOf(entry: WrittenEntry, globalId: GlobalId): WebhookEvent | null {
  const type = typeOf(entry);
  if (type === null) return null;
  const body = JSON.stringify({ type, timestamp: entry.at.toISOString(), data: dataOf(entry, globalId) });
  return { id: idOf(entry), type, body };
}
