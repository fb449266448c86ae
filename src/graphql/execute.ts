import type { ServerResponse } from 'node:http';
import type { ExecutionResult, GraphQLError } from 'graphql';
import type { GraphQLParams, YogaServerInstance } from 'graphql-yoga';
import type { Viewer } from '../access/viewer.ts';
import type { ServerContext } from './admission.ts';
import type { Context } from './context.ts';

/** An operation that shares a connection with others. */
export interface Asked {
  viewer: Viewer;
  params: GraphQLParams;
  /** Aborts when nobody waits for the operation any more. */
  signal: AbortSignal;
  /** Whose headers tell what is left to spend; null on a socket. */
  response: ServerResponse | null;
}

/** What an operation came to: it was not admitted, or these are its results, one or many. */
export type Outcome = { refusals: readonly GraphQLError[] } | { results: AsyncIterable<ExecutionResult> };

export type Execute = (asked: Asked) => Promise<Outcome>;

const refusalsOf = (error: unknown): unknown[] => (error instanceof AggregateError ? error.errors : [error]);

const isStream = (results: object): results is AsyncIterable<ExecutionResult> =>
  Symbol.asyncIterator in results;

/** Yoga masks every error in a stream but the one that says that it was aborted, which nobody waits for. */
async function* untilAborted(
  results: AsyncIterable<ExecutionResult>,
  signal: AbortSignal,
  mask: (error: unknown) => GraphQLError,
): AsyncGenerator<ExecutionResult> {
  try {
    yield* results;
  } catch (error) {
    if (!signal.aborted) yield { errors: [mask(error)] };
  }
}

async function* one(result: ExecutionResult): AsyncGenerator<ExecutionResult> {
  yield result;
}

/**
 * Executes operations that do not come as requests of their own. Yoga is handed their parameters where it is otherwise
 * left with those of a request's body, so that they are read, priced, authorised, executed and masked by the same code.
 */
export function executor(
  yoga: YogaServerInstance<ServerContext, Context>,
  mask: (error: unknown) => GraphQLError,
): Execute {
  return async ({ viewer, params, signal, response }) => {
    const request = new yoga.fetchAPI.Request('http://localhost/graphql', { method: 'POST', signal });
    try {
      const results =
        (await yoga.getResultForParams({ params, request }, { viewer, fromRouter: false, res: response })) ??
        {};
      return { results: isStream(results) ? untilAborted(results, signal, mask) : one(results) };
    } catch (error) {
      return { refusals: refusalsOf(error).map(mask) };
    }
  };
}
