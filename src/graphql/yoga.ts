import type { IncomingMessage, ServerResponse } from 'node:http';
import { createYoga, useExecutionCancellation } from 'graphql-yoga';
import type { Authenticate } from '../access/token.ts';
import { acceptable } from './accept.ts';
import { useAdmission, type ServerContext } from './admission.ts';
import { useAnswers } from './answers.ts';
import { charge } from './charge.ts';
import { newContext, type Context, type Parts } from './context.ts';
import { Documents } from './documents/documents.ts';
import type { GraphiqlOptions } from './graphiql.ts';
import { maskError } from './mask.ts';
import { PersistedDocuments, type PersistedOptions } from './persisted-documents.ts';
import { protect } from './protect.ts';
import { refuseHere } from './refuse-here.ts';
import { notAcceptable, unauthenticated } from './refusals.ts';
import { currentRequestId } from './request-scope.ts';
import { schema } from './schema.ts';
import { viewerOf } from './viewer-of.ts';

export interface GraphqlOptions {
  authenticate: Authenticate;
  /** Null: GraphiQL and introspection are off. */
  graphiql: GraphiqlOptions | null;
  persisted: PersistedOptions;
}

export const GRAPHQL_PATH = '/graphql';

/** Loaded only when switched on: the page alone is 9 MB. */
async function graphiqlOptions(options: GraphiqlOptions | null) {
  if (!options) return { graphiql: false, landingPage: false };
  return (await import('./graphiql.ts')).graphiqlPage(options);
}

/** Yoga, which speaks GraphQL with callers who are known. */
async function knownCallersYoga(parts: Parts, { graphiql, persisted }: Omit<GraphqlOptions, 'authenticate'>) {
  const { log } = parts;
  const { schema: guarded, authorise } = protect(schema);
  const contextOf = ({ viewer }: ServerContext, { signal }: Request): Context =>
    newContext(parts, viewer, currentRequestId(), signal);
  const admission = useAdmission({
    schema,
    documents: new Documents(schema, { introspection: graphiql !== null }),
    persisted: new PersistedDocuments(persisted),
    charge: ({ viewer, res }, points) => charge(parts, viewer, points, res),
    authorise: (operation, context, request) => authorise(operation, contextOf(context, request)),
  });
  return createYoga<ServerContext, Context>({
    schema: guarded,
    graphqlEndpoint: GRAPHQL_PATH,
    logging: false,
    cors: false,
    multipart: false,
    maxRequestBodySize: false, // the door has seen to it, and without a copy of each body
    parserAndValidationCache: false,
    extraParamNames: ['documentId'],
    context: (context) => contextOf(context, context.request),
    maskedErrors: { maskError: (error) => maskError(error, currentRequestId(), log) },
    plugins: [admission, useExecutionCancellation(), useAnswers()],
    ...(await graphiqlOptions(graphiql)),
  });
}

/** The request listener that speaks GraphQL. Who is not known learns that alone: no document of theirs is read. */
export async function graphqlListener(parts: Parts, { authenticate, ...options }: GraphqlOptions) {
  const yoga = await knownCallersYoga(parts, options);
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'POST') return yoga(request, response, { viewer: null });
    try {
      const viewer = await viewerOf(authenticate, request);
      if (!viewer) throw unauthenticated();
      const accept = acceptable(request.headers.accept ?? '*/*');
      if (accept === null) throw notAcceptable();
      request.headers.accept = accept;
      await yoga(request, response, { viewer });
    } catch (error) {
      refuseHere(response, maskError(error, currentRequestId(), parts.log));
    }
  };
}
