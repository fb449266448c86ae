import type {
  KyselyPlugin,
  PluginTransformQueryArgs,
  PluginTransformResultArgs,
  QueryResult,
  RootOperationNode,
  UnknownRow,
} from 'kysely';

type Result = QueryResult<UnknownRow>;

/** Names of the tables that a statement writes to. */
function tablesOf(node: RootOperationNode): string[] {
  const written =
    node.kind === 'InsertQueryNode'
      ? [node.into]
      : node.kind === 'UpdateQueryNode'
        ? [node.table]
        : node.kind === 'DeleteQueryNode'
          ? node.from.froms
          : [];
  return written.flatMap((one) => (one?.kind === 'TableNode' ? [nameOf(one)] : []));
}

const nameOf = (node: object): string =>
  (node as { table: { identifier: { name: string } } }).table.identifier.name;

/**
 * Counts what this process changes in some tables, so that a copy of them can tell whether it is still what is there. What
 * is read after a change was seen by anybody is read under another number than what was read before.
 */
export class Writes implements KyselyPlugin {
  readonly #tables: ReadonlySet<string>;
  readonly #running = new WeakSet<object>();
  #version = 0;
  #open = 0;
  /** Whether a transaction that is open may have written. */
  #unsettled = false;

  constructor(tables: readonly string[]) {
    this.#tables = new Set(tables);
  }

  /** Another number after each change. */
  get version(): number {
    return this.#version;
  }

  /** Something was changed, here or elsewhere. */
  changed(): void {
    this.#version++;
  }

  /** Runs a transaction: what it writes counts as changed when it is over, too. */
  async during<T>(transaction: () => Promise<T>): Promise<T> {
    this.#open++;
    try {
      return await transaction();
    } finally {
      this.#open--;
      if (this.#unsettled) this.changed();
      this.#unsettled &&= this.#open > 0;
    }
  }

  transformQuery({ node, queryId }: PluginTransformQueryArgs): RootOperationNode {
    if (tablesOf(node).some((table) => this.#tables.has(table))) this.#running.add(queryId);
    return node;
  }

  transformResult({ result, queryId }: PluginTransformResultArgs): Promise<Result> {
    if (this.#running.has(queryId)) {
      this.changed();
      this.#unsettled = this.#open > 0;
    }
    return Promise.resolve(result);
  }
}
