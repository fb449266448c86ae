import { GraphQLError } from 'graphql';

/** An error that tells the client what it did wrong. Everything else is masked. */
const refusal = (message: string, code: string, status: number, headers = {}): GraphQLError =>
  new GraphQLError(message, { extensions: { code, http: { status, headers } } });

/** RFC 6750, section 3. */
export const CHALLENGE = { 'www-authenticate': 'Bearer' };

export const unauthenticated = (message = 'A valid token is needed.'): GraphQLError =>
  refusal(message, 'UNAUTHENTICATED', 401, CHALLENGE);

/** Nobody gets in while it cannot be told who they are. */
export const authenticationUnavailable = (): GraphQLError =>
  refusal('No token can be checked now; try again later.', 'AUTHENTICATION_UNAVAILABLE', 503);

export const forbidden = (scope: string): GraphQLError =>
  refusal(`The scope ${scope} is needed.`, 'FORBIDDEN', 200);

export const forRoutersOnly = (): GraphQLError =>
  refusal('Only a federated router may ask for this, by its Router-Authorization header.', 'FORBIDDEN', 200);

/** A refusal of which nothing more is told. */
export const notAllowed = (): GraphQLError => refusal('Not allowed.', 'FORBIDDEN', 200);

export const badInput = (message: string): GraphQLError => refusal(message, 'BAD_USER_INPUT', 200);

/** For a request of which nothing is executed. */
export const badRequest = (message: string): GraphQLError => refusal(message, 'BAD_USER_INPUT', 400);
