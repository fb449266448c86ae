import type { Requirement } from '../requirement.ts';
import { bodies } from './bodies.ts';
import { connections } from './connections.ts';
import { customerTokens } from './customer-tokens.ts';
import { deletion } from './deletion.ts';
import { health } from './health.ts';
import { keys } from './keys.ts';
import { listing } from './listing.ts';
import { lookup } from './lookup.ts';
import { retryTimes } from './retry-times.ts';
import { secrecy } from './secrecy.ts';
import { statuses } from './statuses.ts';
import { tokens } from './tokens.ts';

/** Everything that is required of every provider. */
export const requirements: readonly Requirement[] = [
  ...lookup,
  ...listing,
  ...deletion,
  ...keys,
  ...statuses,
  ...retryTimes,
  ...bodies,
  ...connections,
  ...secrecy,
  ...tokens,
  ...health,
  ...customerTokens,
];
