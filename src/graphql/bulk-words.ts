import type { KNOWN_BLOCKS } from '../erasure/bulk/preview.ts';
import type { BulkState, ItemRefusal, ItemResult } from '../erasure/bulk/words.ts';
import { builder } from './builder.ts';

type Values<Word extends string> = Record<Word, { description: string }>;

const states: Values<BulkState> = {
  AWAITING_APPROVAL: { description: 'Somebody else than its requester has to approve it first.' },
  RUNNING: { description: 'Its erasures are being begun, and go on.' },
  PAUSED: { description: 'It begins no more erasures until it is resumed. Those that it has begun go on.' },
  COMPLETED: { description: 'Every customer has a result, and every erasure that it has begun has ended.' },
  CANCELED: { description: 'It was stopped; the items say what was deleted until then.' },
  DENIED: { description: 'It was not approved, or not in time. Nothing was deleted.' },
};
export const BulkStateType = builder.enumType('BulkState', {
  description: 'Where a deletion of many customers stands.',
  values: states,
});

const results: Values<ItemResult> = {
  CREATED: { description: 'An erasure was begun; it says what came of it.' },
  ALREADY_OPEN: { description: 'An erasure of the customer was under way, which goes on.' },
  REFUSED: { description: 'No erasure was begun; the code says why.' },
};
export const BulkItemResultType = builder.enumType('BulkItemResult', {
  description: 'What came of one customer of a bulk.',
  values: results,
});

const refusals: Values<ItemRefusal> = {
  HOLD: { description: 'A hold forbids to delete the customer.' },
  ALREADY_ERASED: { description: 'The customer was erased before.' },
  BLOCKED: { description: 'The plan forbids it, such as for an active subscription.' },
  CAP: { description: 'So many customers may not be deleted in so little time.' },
  NOT_FOUND: { description: 'The customer is not there any more, or not within the reach of the requester.' },
  CHANGED: { description: 'The customer does not fit the filter any more that has selected them.' },
  INVALID: {
    description: 'What was asked for cannot be done any more, as with an integration that is gone.',
  },
  CANCELED: { description: 'The bulk was canceled before the turn of the customer came.' },
  DENIED: { description: 'The bulk was not approved.' },
  NOT_AUTHORISED: { description: 'A token was revoked that the bulk was asked for or approved with.' },
  FAILED: { description: 'The gateway failed to begin the erasure, several times.' },
};
export const BulkItemRefusalType = builder.enumType('BulkItemRefusal', {
  description: 'Why the deletion of one customer of a bulk was refused.',
  values: refusals,
});

export const DeletionPreviewBlockCode = builder.enumType('DeletionPreviewBlockCode', {
  description: 'Why deletions would be refused, as far as it is known without asking a provider.',
  values: {
    HOLD: { description: 'A hold forbids to delete the customer.' },
    ALREADY_ERASED: { description: 'The customer was erased before.' },
    OPEN_ERASURE: { description: 'An erasure of the customer is under way.' },
  } satisfies Values<(typeof KNOWN_BLOCKS)[number]>,
});
