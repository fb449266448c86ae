import { GraphQLError } from 'graphql';

/** An error that tells the client what it did wrong. Everything else is masked. */
const refusal = (message: string, code: string, status: number): GraphQLError =>
  new GraphQLError(message, { extensions: { code, http: { status } } });

export const unauthenticated = (message = 'A valid token is needed.'): GraphQLError =>
  refusal(message, 'UNAUTHENTICATED', 401);

export const forbidden = (scope: string): GraphQLError =>
  refusal(`The scope ${scope} is needed.`, 'FORBIDDEN', 200);

export const badInput = (message: string): GraphQLError => refusal(message, 'BAD_USER_INPUT', 200);

/** For a request of which nothing is executed. */
export const badRequest = (message: string): GraphQLError => refusal(message, 'BAD_USER_INPUT', 400);
