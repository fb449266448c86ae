import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { RouterTokens } from '../access/router-token.ts';
import type { Authenticate } from '../access/token.ts';
import { acceptable } from './accept.ts';
import type { ServerContext } from './admission.ts';
import { charge } from './charge.ts';
import { newContext, type Context, type Parts } from './context.ts';
import { CompiledQueries } from './direct/compiled-queries.ts';
import { DirectAnswers } from './direct/direct.ts';
import { coordinatesOf } from './documents/coordinates.ts';
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
  /** How often a query is answered before it is compiled. */
  compileAfter: number;
}

/** Loaded only when switched on: the page alone is 9 MB. */
async function graphiqlOptions(options: GraphiqlOptions | null) {
  if (!options) return { graphiql: false, landingPage: false };
  return (await import('./graphiql.ts')).graphiqlPage(options);
}

type Options = Omit<GraphqlOptions, 'authenticate' | 'routerTokens'>;

/** What answers callers who are known: Yoga, and what answers most queries before it. */
async function forKnownCallers(parts: Parts, { graphiql, persisted, compileAfter }: Options) {
  const { schema: guarded, authorise, rulesAt } = protect(schema);
  const documents = new Documents(schema, { introspection: graphiql !== null });
  const contextOf = (caller: ServerContext, gone: () => AbortSignal): Context =>
    newContext(parts, caller, currentRequestId(), gone);
  const shared = {
    schema,
    persisted: new PersistedDocuments(persisted),
    charge: ({ viewer, res }: ServerContext, points: number) => charge(parts, viewer, points, res),
    mask: (error: unknown) => maskError(error, currentRequestId(), parts.log),
  };
  const served: Served<Context> = {
    ...shared,
    guarded,
    documents,
    isAllowed: async ({ document, definition }, context, { signal }) => {
      const rules = rulesAt(coordinatesOf(schema, document, definition));
      const asked = contextOf(context, () => signal);
      const verdicts = await Promise.all(rules.map((rule) => rule(asked)));
      return verdicts.every(Boolean);
    },
    authorise: (operation, context, { signal }) =>
      authorise(
        operation,
        contextOf(context, () => signal),
      ),
    contextOf: (caller, { signal }) => contextOf(caller, () => signal),
  };
  const queries = new CompiledQueries({ schema, rulesAt, documents, compileAfter });
  return {
    yoga: yogaAround(served, await graphiqlOptions(graphiql)),
    direct: new DirectAnswers({ ...shared, queries, contextOf }),
  };
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
  const { yoga, direct } = await forKnownCallers(parts, options);
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
        const caller = { viewer, fromRouter: isFromRouter(routerTokens, request), res: response };
        if (!(await direct.answer({ request, response, caller }))) await yoga(request, response, caller);
      } catch (error) {
        if (request.destroyed && !request.complete) return; // whoever has gone in the middle of it is not answered
        refuseHere(response, [mask(error)]);
      }
    },
    execute: executor(yoga, mask),
  };
}
