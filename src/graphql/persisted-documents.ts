import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { z } from 'zod';
import { Documents } from './documents/documents.ts';
import { schema } from './schema.ts';

/** Documents that clients may ask for by an id. */
export interface PersistedOptions {
  /** Texts by id. */
  documents: Readonly<Record<string, string>>;
  /** Whether no others are answered. */
  only: boolean;
}

const PREFIX = 'sha256:';

const hashOf = (text: string): string => PREFIX + createHash('sha256').update(text).digest('hex');

/** What an id looks like (GraphQL over HTTP, appendix A); other prefixes than `x-…` are reserved. */
const ID = /^(sha256:[0-9a-f]{64}|(x-[\w.~-]+:)?[\w.~-]+)$/;

const byId = z.object({ documentId: z.string() }).transform(({ documentId }) => [documentId]);

/** Apollo's clients and urql send the id of the file here, which need not be a hash. */
const byHash = z
  .object({ extensions: z.object({ persistedQuery: z.object({ sha256Hash: z.string() }) }) })
  .transform(({ extensions: { persistedQuery } }) => persistedQuery.sha256Hash)
  .transform((hash) => [PREFIX + hash.toLowerCase(), hash]);

const idsOf = z.union([byId, byHash]);

const refused = (message: string, code: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code, http: { status: 400 } } });

/** What is wrong with documents, one line each: each has to be within the limits and valid. */
export function faultsOfDocuments(documents: PersistedOptions['documents']): string[] {
  const reader = new Documents(schema, { introspection: false });
  return Object.entries(documents).flatMap(([id, text]) => {
    if (!ID.test(id)) return [`${id} is not an id: it may have letters, digits, and - . _ ~`];
    if (id.startsWith(PREFIX) && id !== hashOf(text)) return [`${id} is not the hash of its document`];
    try {
      reader.read(text);
      return [];
    } catch (error) {
      const [first] = error instanceof AggregateError ? (error.errors as Error[]) : [error as Error];
      return [`${id}: ${first!.message}`];
    }
  });
}

/**
 * Finds documents by what requests name them by: `documentId` (GraphQL over HTTP, appendix A), or what stands in
 * `extensions.persistedQuery`. None is ever added by a request.
 */
export class PersistedDocuments {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #only: boolean;

  constructor({ documents, only }: PersistedOptions) {
    const entries = Object.entries(documents);
    this.#texts = new Map([...entries.map(([, text]) => [hashOf(text), text] as const), ...entries]);
    this.#only = only;
  }

  /** The text of the document that a request names; null when it brings one. @throws {GraphQLError} */
  textFor(params: object): string | null {
    const { query = null } = params as { query?: unknown };
    if (query !== null) {
      if (!this.#only) return null;
      throw refused('Only persisted documents are answered: send a `documentId`.', 'DOCUMENT_NOT_PERSISTED');
    }
    const ids = idsOf.safeParse(params);
    if (!ids.success) return null;
    const text = ids.data.map((id) => this.#texts.get(id)).find((found) => found !== undefined);
    if (text !== undefined) return text;
    throw refused('There is no persisted document with this id.', 'PERSISTED_DOCUMENT_NOT_FOUND');
  }
}
