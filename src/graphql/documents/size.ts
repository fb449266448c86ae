import { GraphQLError, Kind, visit, type DocumentNode } from 'graphql';
import { fieldsOf, fragmentsOf, type Selected } from './fields.ts';
import { checkItems, checkText } from './lists.ts';

/** The most that a document may have. A page of customers with all their accounts is about 8 deep. */
const MOST = {
  definitions: 60,
  depth: 14,
  aliases: 30,
  directives: 30,
  /** Each fragment counted wherever it is spread. */
  selections: 2_000,
  /** Pairs of fields with one name in the answer. Each is compared (GraphQL, section 5.3.2), which makes it slow. */
  repetitions: 3_000,
};

type Count = keyof typeof MOST;

export const tooLarge = (why: string): GraphQLError =>
  new GraphQLError(`The document is too large: ${why}.`, {
    extensions: { code: 'DOCUMENT_TOO_LARGE', http: { status: 400 } },
  });

/** Counts what a document has, and gives up at the first that is too much. */
function counter(): (what: Count, count: number) => void {
  const counts = new Map<Count, number>();
  return (what, count) => {
    const sum = (counts.get(what) ?? 0) + count;
    counts.set(what, sum);
    if (sum > MOST[what]) throw tooLarge(`it has more than ${MOST[what]} ${what}`);
  };
}

const isIntrospection = (name: string): boolean => name === '__schema' || name === '__type';

/** Goes through a document as it would be executed, on every type at once. */
function checkSelections(document: DocumentNode, count: ReturnType<typeof counter>): void {
  const fragments = fragmentsOf(document);
  const unseen = new Set(fragments.keys());
  const go = (together: readonly Selected[], depth: number): void => {
    if (depth > MOST.depth) throw tooLarge(`it is deeper than ${MOST.depth}`);
    const fields = fieldsOf(together, fragments, (node) => {
      count('selections', 1);
      if (node.kind === Kind.FRAGMENT_SPREAD) unseen.delete(node.name.value);
      return true;
    });
    for (const same of fields.values()) {
      count('repetitions', (same.length * (same.length - 1)) / 2);
      const below = same.flatMap(({ on, node: { name, selectionSet } }) =>
        selectionSet && !isIntrospection(name.value) ? [{ on, selectionSet }] : [],
      );
      if (below.length > 0) go(below, depth + 1);
    }
  };
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION)
      go([{ on: '', selectionSet: definition.selectionSet }], 1);
  }
  // Fragments that nobody spreads are validated all the same.
  for (const name of unseen) go([{ on: '', selectionSet: fragments.get(name)!.selectionSet }], 1);
}

/**
 * Refuses what would take long to validate or to execute, in a time that does not depend on how it is made up.
 *
 * @throws {GraphQLError} `DOCUMENT_TOO_LARGE`, or `BAD_USER_INPUT` for a list that is too long.
 */
export function checkSize(document: DocumentNode): void {
  const count = counter();
  count('definitions', document.definitions.length);
  visit(document, {
    Field: ({ alias }) => count('aliases', alias ? 1 : 0),
    Directive: () => count('directives', 1),
    ListValue: ({ values }) => checkItems(values.length),
    StringValue: ({ value }) => checkText(value),
  });
  checkSelections(document, count);
}
