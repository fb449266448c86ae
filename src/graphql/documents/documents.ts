import {
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type ValidationRule,
} from 'graphql';
import { DeferInQueriesOnly } from './defer-in-queries.ts';
import { RecentlyUsed } from './recently-used.ts';
import { checkSize, tooLarge } from './size.ts';

const MAX_TOKENS = 1_000;
const MAX_LENGTH = 50_000;
const MAX_ERRORS = 10;

/** How many documents are kept at most. */
const KEPT = 250;

interface Kept {
  document: DocumentNode;
  /** How many requests have asked for it. */
  uses: number;
}

/** `spec`: clients of before the media type `application/graphql-response+json` expect 200. */
const told = ({ message, nodes, source, positions }: GraphQLError, code: string): GraphQLError =>
  new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    extensions: { code, http: { status: 400, spec: true } },
  });

function parsed(text: string): DocumentNode {
  if (text.length > MAX_LENGTH) throw tooLarge(`it is longer than ${MAX_LENGTH} characters`);
  try {
    return parse(text, { maxLexicalTokens: MAX_TOKENS });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    // graphql-js has no class of its own for this.
    if (error.message.endsWith('Parsing aborted.')) throw tooLarge(`it has more than ${MAX_TOKENS} tokens`);
    throw told(error, 'GRAPHQL_PARSE_FAILED');
  }
}

/** Reads documents: each is held to the limits before it is held to the schema, and both only once. */
export class Documents {
  readonly #schema: GraphQLSchema;
  readonly #rules: readonly ValidationRule[];
  readonly #hideSuggestions: boolean;
  readonly #kept = new RecentlyUsed<Kept>(KEPT);

  constructor(schema: GraphQLSchema, { introspection }: { introspection: boolean }) {
    this.#schema = schema;
    const rules = [...specifiedRules, DeferInQueriesOnly];
    this.#rules = introspection ? rules : [...rules, NoSchemaIntrospectionCustomRule];
    this.#hideSuggestions = !introspection;
  }

  /** @throws {GraphQLError | AggregateError} what is wrong with it. */
  read(text: string): DocumentNode {
    const kept = this.#kept.get(text);
    if (kept) return kept.document;
    const document = this.#examine(text);
    this.#kept.set(text, { document, uses: 1 });
    return document;
  }

  /** A document that so many requests have asked for before this one; else null. */
  readAgain(text: string, uses: number): DocumentNode | null {
    const kept = this.#kept.get(text);
    if (kept ? kept.uses >= uses : uses === 0) return this.read(text);
    if (kept) kept.uses++;
    return null;
  }

  #examine(text: string): DocumentNode {
    const document = parsed(text);
    checkSize(document);
    const options = { maxErrors: MAX_ERRORS, hideSuggestions: this.#hideSuggestions };
    const errors = validate(this.#schema, document, this.#rules, options);
    if (errors.length === 0) return document;
    throw new AggregateError(errors.map((error) => told(error, 'GRAPHQL_VALIDATION_FAILED')));
  }
}
