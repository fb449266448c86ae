import type { DocumentNode, ExecutionResult, OperationDefinitionNode } from 'graphql';
import type { Viewer } from '../../access/viewer.ts';
import type { Context } from '../context.ts';
import { costOf, type Cost, type Operation, type Prices } from '../documents/cost.ts';
import type { Rule } from '../protect.ts';

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
