import type { IncomingMessage, ServerResponse } from 'node:http';
import { EnvelopArmorPlugin } from '@escape.tech/graphql-armor';
import { useDisableIntrospection } from '@graphql-yoga/plugin-disable-introspection';
import { GraphQLError } from 'graphql';
import { createYoga, useExecutionCancellation, type Plugin } from 'graphql-yoga';
import type { Authenticate } from '../access/token.ts';
import { newContext, type Context, type Parts } from './context.ts';
import type { GraphiqlOptions } from './graphiql.ts';
import { maskError } from './mask.ts';
import { protect } from './protect.ts';
import { currentRequestId } from './request-scope.ts';
import { schema } from './schema.ts';
import { viewerOf } from './viewer-of.ts';

export interface GraphqlOptions {
  authenticate: Authenticate;
  /** Null: GraphiQL and introspection are off. */
  graphiql: GraphiqlOptions | null;
}

export const GRAPHQL_PATH = '/graphql';

export const MAX_BODY_BYTES = 256 * 1024;

/** Thrown, so that nothing more is done with the document. */
const tooMuch = {
  onReject: [
    (_context: unknown, { message }: GraphQLError): never => {
      const extensions = { code: 'DOCUMENT_TOO_LARGE', http: { status: 400 } };
      throw new GraphQLError(message.replace('Syntax Error: ', ''), { extensions });
    },
  ],
};

/** Limits on a document. A Relay list of customers with all their accounts is about 8 deep. */
const limits = EnvelopArmorPlugin({
  maxTokens: { n: 2_000, ...tooMuch },
  maxDepth: { n: 14, flattenFragments: true, ...tooMuch },
  maxAliases: { n: 30, ...tooMuch },
  maxDirectives: { n: 30, ...tooMuch },
  costLimit: { maxCost: 20_000, ...tooMuch },
  blockFieldSuggestion: { enabled: true },
}) as Plugin;

/** Loaded only when switched on: the page alone is 9 MB. */
async function graphiqlOptions(options: GraphiqlOptions | null) {
  if (!options) return { graphiql: false, landingPage: false };
  return (await import('./graphiql.ts')).graphiqlPage(options);
}

/** The request listener that speaks GraphQL. */
export async function graphqlListener(parts: Parts, { authenticate, graphiql }: GraphqlOptions) {
  const { log } = parts;
  return createYoga<{ req: IncomingMessage; res: ServerResponse }, Context>({
    schema: protect(schema),
    graphqlEndpoint: GRAPHQL_PATH,
    logging: false,
    cors: false,
    multipart: false,
    maxRequestBodySize: MAX_BODY_BYTES,
    context: async ({ request, req }) => {
      const viewer = await viewerOf(authenticate, req);
      return newContext(parts, viewer, currentRequestId(), request.signal);
    },
    maskedErrors: { maskError: (error) => maskError(error, currentRequestId(), log) },
    plugins: [limits, useExecutionCancellation(), ...(graphiql ? [] : [useDisableIntrospection()])],
    ...(await graphiqlOptions(graphiql)),
  });
}
