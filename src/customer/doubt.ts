import { ProviderError, type Notice } from '../providers/provider.ts';
import type { LookupResult } from './accounts.ts';

const LINKED_TO_ANOTHER: Notice = {
  code: 'LINKED_TO_ANOTHER_CUSTOMER',
  message: 'The key leads to an account that is another customer’s',
};

const UNLINKED: Notice = {
  code: 'UNLINKED_ACCOUNT',
  message:
    'An account that the customer is not linked to carries their e-mail address: link it, or unlink the other',
};

const AMBIGUOUS: Notice = {
  code: 'AMBIGUOUS',
  message: 'Several accounts carry this e-mail address, and nothing says which of them is the customer',
};

/** Why it is not sure that the accounts that a key led to are the customer's; null when it is, or there are none. */
export function doubtAbout({ key, found, ofOthers, unlinked }: LookupResult): Notice | null {
  if (ofOthers.length > 0) return LINKED_TO_ANOTHER;
  if (found === null || found instanceof ProviderError) return null;
  if (unlinked) return UNLINKED;
  return found.length > 1 && key.kind === 'EMAIL' ? AMBIGUOUS : null;
}
