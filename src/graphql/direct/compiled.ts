import {
  BREAK,
  getOperationAST,
  Kind,
  OperationTypeNode,
  visit,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Viewer } from '../../access/viewer.ts';
import type { Context } from '../context.ts';
import { coordinatesOf } from '../documents/coordinates.ts';
import { costOf, type Cost, type Operation, type Prices } from '../documents/cost.ts';
import type { Documents } from '../documents/documents.ts';
import type { Protected, Rule } from '../protect.ts';

/** Variables as an object that notes whether any of them is looked at. */
function watched(variables: Operation['variables']): {
  variables: Operation['variables'];
  isRead: () => boolean;
} {
  let read = false;
  const note = (): void => {
    read = true;
  };
  const handler: ProxyHandler<Operation['variables']> = {
    get: (target, name) => (note(), Reflect.get(target, name)),
    has: (target, name) => (note(), Reflect.has(target, name)),
    getOwnPropertyDescriptor: (target, name) => (note(), Reflect.getOwnPropertyDescriptor(target, name)),
  };
  return { variables: new Proxy(variables, handler), isRead: () => read };
}

/** A query of a known document, made into code. */
export class CompiledQuery {
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  readonly execute: (
    root: unknown,
    context: Context,
    variables: unknown,
  ) => ExecutionResult | Promise<ExecutionResult>;
  readonly #rules: readonly Rule[];
  readonly #allowed = new WeakSet<Viewer>();
  #fixedCost: Cost | undefined;

  constructor(
    operation: Pick<Operation, 'document' | 'definition'>,
    execute: CompiledQuery['execute'],
    rules: readonly Rule[],
  ) {
    this.document = operation.document;
    this.definition = operation.definition;
    this.execute = execute;
    this.#rules = rules;
  }

  /** Whether every rule that stands before a field of the query lets the caller pass. */
  isAllowed(context: Context): true | Promise<boolean> {
    const { viewer, fromRouter } = context;
    return viewer && !fromRouter && this.#allowed.has(viewer) ? true : this.#askRules(context);
  }

  async #askRules(context: Context): Promise<boolean> {
    const { viewer, fromRouter } = context;
    for (const rule of this.#rules) if (!(await rule(context))) return false;
    if (viewer && !fromRouter) this.#allowed.add(viewer);
    return true;
  }

  /** What the query costs, which is worked out once where no variable has a say in it. */
  cost(operation: Operation, prices: Prices): Cost {
    if (this.#fixedCost) return this.#fixedCost;
    const { variables, isRead } = watched(operation.variables);
    const cost = costOf({ ...operation, variables }, prices);
    if (!isRead()) this.#fixedCost = cost;
    return cost;
  }
}

/** Whether all of an operation's answer comes at once. */
function isWhole(document: DocumentNode): boolean {
  let whole = true;
  visit(document, {
    [Kind.DIRECTIVE]({ name: { value } }) {
      if (value !== 'defer' && value !== 'stream') return undefined;
      whole = false;
      return BREAK;
    },
  });
  return whole;
}

/** How many compiled queries are kept. */
const KEPT = 250;

/** What is compiled, for whom, and from when on. */
export interface CompilerOptions {
  /** Without permissions around its fields. */
  schema: GraphQLSchema;
  rulesAt: Protected['rulesAt'];
  documents: Documents;
  /** How often a document is answered before it is worth compiling. */
  compileAfter: number;
}

/** Compiles queries that come again and again, each operation of a document by itself. */
export class CompiledQueries {
  readonly #options: CompilerOptions;
  readonly #kept = new Map<string, CompiledQuery | null>();

  constructor(options: CompilerOptions) {
    this.#options = options;
  }

  /** Null for what is left to the executor that takes everything: other operations, `@defer`, documents that are new. */
  find(text: string, operationName: string | null): CompiledQuery | null {
    const document = this.#options.documents.readAgain(text, this.#options.compileAfter);
    if (!document) return null;
    const key = `${operationName ?? ''}\n${text}`;
    const kept = this.#kept.get(key);
    const compiled = kept === undefined ? this.#compile(document, operationName) : kept;
    this.#kept.delete(key);
    this.#kept.set(key, compiled);
    if (this.#kept.size > KEPT) this.#kept.delete(this.#kept.keys().next().value!);
    return compiled;
  }

  #compile(document: DocumentNode, operationName: string | null): CompiledQuery | null {
    const { schema, rulesAt } = this.#options;
    const definition = getOperationAST(document, operationName);
    if (definition?.operation !== OperationTypeNode.QUERY || !isWhole(document)) return null;
    const compiled = compileQuery(schema, document, definition.name?.value ?? '', {});
    if (!isCompiledQuery(compiled)) return null;
    const rules = rulesAt(coordinatesOf(schema, document, definition));
    return new CompiledQuery({ document, definition }, compiled.query as CompiledQuery['execute'], rules);
  }
}
