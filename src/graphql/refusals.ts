import { GraphQLError } from 'graphql';

/** An error that tells the client what it did wrong. Everything else is masked. */
const refusal = (message: string, code: string, status: number): GraphQLError =>
  new GraphQLError(message, { extensions: { code, http: { status } } });

export const unauthenticated = (message = 'A valid token is needed.'): GraphQLError =>
  refusal(message, 'UNAUTHENTICATED', 401);

export const forbidden = (scope: string): GraphQLError =>
  refusal(`The scope ${scope} is needed.`, 'FORBIDDEN', 200);

/** A refusal of which nothing more is told. */
export const notAllowed = (): GraphQLError => refusal('Not allowed.', 'FORBIDDEN', 200);

export const badInput = (message: string): GraphQLError => refusal(message, 'BAD_USER_INPUT', 200);

/** The longest list that an argument takes: lists are not seen by the limits on documents. */
const MAX_LIST = 100;

/** @throws {GraphQLError} `BAD_USER_INPUT` when the list is longer than 100. */
export function checkLength(name: string, list: readonly unknown[]): void {
  if (list.length > MAX_LIST) throw badInput(`"${name}" may have at most ${MAX_LIST} items.`);
}
