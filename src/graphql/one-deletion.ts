import { GraphQLError } from 'graphql';

/**
 * Mutations that may stand together in a document. Every other one deletes, lets a deletion begin or go on, or gives up
 * what stands against one, and a document has at most one of those. What is not named here counts as such.
 */
export const HARMLESS: ReadonlySet<string> = new Set([
  'cancelErasure',
  'denyErasure',
  'dismissReappearance',
  'pauseBulk',
  'cancelBulk',
  'denyBulk',
  'placeHold',
  'pauseErasures',
  'redeliverWebhook',
  'registerCustomer',
  'createCustomer',
  'confirmEmail',
  'assignManager',
  'linkAccount',
  'importCustomers',
  'exportCustomer',
  'issueCustomerToken',
  'revokeTokens',
]);

/** @throws {GraphQLError} `SEVERAL_DELETIONS` */
export function checkOneDeletion(mutations: readonly string[]): void {
  const destructive = mutations.filter((name) => name !== '__typename' && !HARMLESS.has(name));
  if (destructive.length <= 1) return;
  throw new GraphQLError(
    `A document may have one mutation that deletes or releases; this one has ${destructive.length}.`,
    { extensions: { code: 'SEVERAL_DELETIONS', http: { status: 400 } } },
  );
}
