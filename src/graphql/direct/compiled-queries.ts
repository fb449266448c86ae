import {
  BREAK,
  getOperationAST,
  Kind,
  OperationTypeNode,
  visit,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { coordinatesOf } from '../documents/coordinates.ts';
import type { Documents } from '../documents/documents.ts';
import { RecentlyUsed } from '../documents/recently-used.ts';
import type { Protected } from '../protect.ts';
import { CompiledQuery } from './compiled-query.ts';

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

/** How many compiled queries are kept at most. */
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
  readonly #kept = new RecentlyUsed<CompiledQuery | null>(KEPT);

  constructor(options: CompilerOptions) {
    this.#options = options;
  }

  /** Null for what is left to the executor that takes everything: other operations, `@defer`, documents that are new. */
  find(text: string, operationName: string | null): CompiledQuery | null {
    const document = this.#options.documents.readAgain(text, this.#options.compileAfter);
    if (!document) return null;
    const key = `${operationName ?? ''}\n${text}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const compiled = this.#compile(document, operationName);
    this.#kept.set(key, compiled);
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
