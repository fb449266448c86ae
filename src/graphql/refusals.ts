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

/** For a request that is none of GraphQL's. */
export const malformed = (message: string): GraphQLError => refusal(message, 'BAD_REQUEST', 400);

/**
 * For a request of which nothing is executed. `spec`: clients of before the media type
 * `application/graphql-response+json` expect 200.
 */
export const badRequest = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400, spec: true } } });

export const notAcceptable = (): GraphQLError =>
  refusal('None of the accepted media types is offered.', 'NOT_ACCEPTABLE', 406);
