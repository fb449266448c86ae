import { CustomerNotFoundError } from '../../customer/customer.ts';
import { InvalidInputError } from '../../customer/errors.ts';
import { ErasureCapError } from '../cap.ts';
import { ErasureAlreadyOpenError, ErasureBlockedError } from '../errors.ts';
import { refuse, type ItemOutcome } from './items.ts';

function refusalBy({ blockers }: ErasureBlockedError): ItemOutcome {
  const codes = new Set(blockers.map(({ code }) => code));
  const code = (['ALREADY_ERASED', 'HOLD'] as const).find((one) => codes.has(one));
  const messages = blockers.map(({ message, integrationId }) =>
    integrationId === null ? message : `${integrationId}: ${message}`,
  );
  return refuse(code ?? 'BLOCKED', messages.join('; '));
}

/** What an error that a request for an erasure is answered with means for the item; null where it is not foreseen. */
export function outcomeOf(error: unknown): ItemOutcome | null {
  if (error instanceof ErasureAlreadyOpenError) return { result: 'ALREADY_OPEN', erasureId: error.erasureId };
  if (error instanceof ErasureBlockedError) return refusalBy(error);
  if (error instanceof ErasureCapError) return refuse('CAP', error.message);
  if (error instanceof CustomerNotFoundError) return refuse('NOT_FOUND', error.message);
  if (error instanceof InvalidInputError) {
    return refuse('INVALID', error.issues.map(({ path, message }) => `${path}: ${message}`).join('; '));
  }
  return null;
}
