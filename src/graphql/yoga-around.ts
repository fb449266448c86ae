import type { GraphQLError, GraphQLSchema } from 'graphql';
import { createYoga, useExecutionCancellation, type YogaServerOptions } from 'graphql-yoga';
import { useAdmission, type AdmissionOptions, type ServerContext } from './admission.ts';
import { useAnswers } from './answers.ts';
import { useMaskedIncrements } from './mask-increments.ts';

export const GRAPHQL_PATH = '/graphql';

/** A schema, and what its operations pass. */
export interface Served<C> extends AdmissionOptions {
  /** The schema with permissions around its fields. */
  guarded: GraphQLSchema;
  /** What resolvers know of a request. */
  contextOf(caller: ServerContext, request: Request): C;
  /** What is told of an error. */
  mask(error: unknown): GraphQLError;
  /** What else looks at each operation. */
  plugins?: NonNullable<YogaServerOptions<ServerContext, C>['plugins']>;
}

/** Pages that Yoga shows to browsers. */
type Pages = Pick<YogaServerOptions<ServerContext, object>, 'graphiql' | 'landingPage' | 'renderGraphiQL'>;

/** Yoga around a schema. */
export function yogaAround<C extends object>(
  { guarded, contextOf, mask, plugins = [], ...admission }: Served<C>,
  pages: Pages,
) {
  return createYoga<ServerContext, C>({
    schema: guarded,
    graphqlEndpoint: GRAPHQL_PATH,
    logging: false,
    cors: false,
    multipart: false,
    maxRequestBodySize: false, // the door has seen to it, and without a copy of each body
    parserAndValidationCache: false,
    extraParamNames: ['documentId'],
    context: (context) => contextOf(context, context.request),
    maskedErrors: { maskError: mask },
    plugins: [
      useAdmission(admission),
      useMaskedIncrements(mask),
      useExecutionCancellation(),
      useAnswers(),
      ...plugins,
    ],
    ...pages,
  });
}
