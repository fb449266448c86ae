import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError, type ExecutionResult, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { answerTypeOf, type AnswerType } from '../accept.ts';
import { operationOf, pointsOf, type ServerContext } from '../admission.ts';
import type { Context } from '../context.ts';
import type { PersistedDocuments } from '../persisted-documents.ts';
import { refuseHere } from '../refuse-here.ts';
import { told } from '../told.ts';
import type { CompiledQueries } from './compiled-queries.ts';
import type { CompiledQuery } from './compiled-query.ts';
import { parametersOf } from './parameters.ts';
import { writeResult } from './write.ts';

export interface DirectOptions {
  /** Without permissions around its fields. */
  schema: GraphQLSchema;
  queries: CompiledQueries;
  persisted: PersistedDocuments;
  charge(caller: ServerContext, points: number): Promise<void>;
  contextOf(caller: ServerContext, gone: () => AbortSignal): Context;
  mask(error: unknown): GraphQLError;
}

/** Who asks, where the answer goes, and as what. */
interface Asked {
  request: IncomingMessage;
  response: ServerResponse;
  caller: ServerContext;
}

interface Ready {
  query: CompiledQuery;
  /** As they were sent: the compiled query coerces them, and coercing twice may change them. */
  variables: unknown;
  points: number;
  context: Context;
  type: AnswerType;
}

/** Aborts when the client goes away before it is answered. */
function goneFrom(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  if (response.destroyed) gone.abort();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
}

/**
 * Answers queries that are known, allowed as a whole and asked for in one piece: they are compiled, and leave out all that
 * others need. Whatever is the least unusual is left to Yoga, which does it, or tells what is wrong with it; of that
 * nothing is charged or executed here.
 */
export class DirectAnswers {
  readonly #options: DirectOptions;

  constructor(options: DirectOptions) {
    this.#options = options;
  }

  /** Whether the request was answered. Its body was read in any case. */
  async answer(asked: Asked): Promise<boolean> {
    const ready = await this.#prepare(asked);
    if (!ready) return false;
    const { response, caller } = asked;
    try {
      await this.#options.charge(caller, 1);
      if (ready.points > 1) await this.#options.charge(caller, ready.points - 1);
    } catch (error) {
      refuseHere(response, [this.#options.mask(error)], ready.type);
      return true;
    }
    const result = await this.#execute(ready);
    writeResult(response, ready.type, { data: result.data, errors: this.#told(result) });
    return true;
  }

  async #execute({ query, context, variables }: Ready): Promise<ExecutionResult> {
    try {
      return await query.execute(undefined, context, variables);
    } finally {
      context.end();
    }
  }

  async #prepare({ request, response, caller }: Asked): Promise<Ready | null> {
    const type = answerTypeOf(request.headers.accept ?? '*/*');
    const params = await parametersOf(request);
    if (!params || !type) return null;
    try {
      const text = this.#options.persisted.textFor(params) ?? params.query;
      const query = text ? this.#options.queries.find(text, params.operationName ?? null) : null;
      if (!query) return null;
      const context = this.#options.contextOf(caller, () => goneFrom(response));
      const allowed = query.isAllowed(context);
      if (allowed !== true && !(await allowed)) return null;
      const operation = operationOf(this.#options.schema, query, params);
      const pricing = { isAllowed: true, cost: query.cost.bind(query) };
      const { variables } = params;
      return { query, variables, points: pointsOf(operation, pricing), context, type };
    } catch {
      return null; // Yoga comes to the same, and tells
    }
  }

  /** What the executor itself finds wrong is no client's fault. */
  #told({ errors }: ExecutionResult): GraphQLFormattedError[] | undefined {
    return errors?.map((error) => {
      const cause = error.originalError ?? new Error(error.message);
      const original =
        cause instanceof GraphQLError ? cause : new GraphQLError(error.message, { originalError: cause });
      const { message, extensions } = told(this.#options.mask(original));
      return { message, locations: error.locations!, path: error.path!, extensions: extensions! };
    });
  }
}
