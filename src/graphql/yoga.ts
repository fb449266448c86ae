import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { RouterTokens } from '../access/router-token.ts';
import type { Authenticate } from '../access/token.ts';
import { acceptable } from './accept.ts';
import type { ServerContext } from './admission.ts';
import { charge } from './charge.ts';
import { newContext, type Context, type Parts } from './context.ts';
import { Documents } from './documents/documents.ts';
import { executor, type Execute } from './execute.ts';
import { isFromRouter } from './from-router.ts';
import type { GraphiqlOptions } from './graphiql.ts';
import { maskError } from './mask.ts';
import { PersistedDocuments, type PersistedOptions } from './persisted-documents.ts';
import { protect } from './protect.ts';
import { refuseHere } from './refuse-here.ts';
import { notAcceptable, unauthenticated } from './refusals.ts';
import { currentRequestId } from './request-scope.ts';
import { schema } from './schema.ts';
import { authorizationOf, viewerOf } from './viewer-of.ts';
import { yogaAround, type Served } from './yoga-around.ts';

export interface GraphqlOptions {
  authenticate: Authenticate;
  routerTokens: RouterTokens;
  /** Null: GraphiQL and introspection are off. */
  graphiql: GraphiqlOptions | null;
  persisted: PersistedOptions;
}

/** Loaded only when switched on: the page alone is 9 MB. */
async function graphiqlOptions(options: GraphiqlOptions | null) {
  if (!options) return { graphiql: false, landingPage: false };
  return (await import('./graphiql.ts')).graphiqlPage(options);
}

/** Yoga, which speaks GraphQL with callers who are known. */
async function knownCallersYoga(
  parts: Parts,
  { graphiql, persisted }: Pick<GraphqlOptions, 'graphiql' | 'persisted'>,
) {
  const { log } = parts;
  const { schema: guarded, authorise } = protect(schema);
  const contextOf = (caller: ServerContext, { signal }: Request): Context =>
    newContext(parts, caller, currentRequestId(), signal);
  const served: Served<Context> = {
    schema,
    guarded,
    documents: new Documents(schema, { introspection: graphiql !== null }),
    persisted: new PersistedDocuments(persisted),
    charge: ({ viewer, res }, points) => charge(parts, viewer, points, res),
    authorise: (operation, context, request) => authorise(operation, contextOf(context, request)),
    contextOf,
    mask: (error) => maskError(error, currentRequestId(), log),
  };
  return yogaAround(served, await graphiqlOptions(graphiql));
}

/** GraphQL, for requests and for operations that share a connection. */
export interface Graphql {
  /** Answers a request. Who is not known learns that alone: no document of theirs is read. */
  listener(request: IncomingMessage, response: ServerResponse): Promise<void>;
  execute: Execute;
}

export async function graphql(
  parts: Parts,
  { authenticate, routerTokens, ...options }: GraphqlOptions,
): Promise<Graphql> {
  const yoga = await knownCallersYoga(parts, options);
  const mask = (error: unknown): GraphQLError => maskError(error, currentRequestId(), parts.log);
  return {
    async listener(request, response) {
      if (request.method !== 'POST') return yoga(request, response, { viewer: null, fromRouter: false });
      try {
        const viewer = await viewerOf(authenticate, authorizationOf(request));
        if (!viewer) throw unauthenticated();
        const accept = acceptable(request.headers.accept ?? '*/*');
        if (accept === null) throw notAcceptable();
        request.headers.accept = accept;
        await yoga(request, response, { viewer, fromRouter: isFromRouter(routerTokens, request) });
      } catch (error) {
        refuseHere(response, [mask(error)]);
      }
    },
    execute: executor(yoga, mask),
  };
}
