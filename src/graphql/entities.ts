import { defaultFieldResolver, isUnionType, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { badInput } from './refusals.ts';

/** The version of Apollo Federation that the subgraph is written in. */
export const FEDERATION = 'https://specs.apollo.dev/federation/v2.6';

const DESCRIPTIONS: Record<string, string> = {
  _entities:
    'For federated routers: objects by their keys, at most 100, in order; null for those that are not there or not yours. Needs the `Router-Authorization` header.',
  _service:
    'For federated routers: this API as a subgraph. Needs the `Router-Authorization` header. https://www.apollographql.com/docs/graphos/reference/federation/subgraph-specific-fields',
};

/** @throws {GraphQLError} `BAD_USER_INPUT` when it names no type that routers may ask for. */
function checkType(representation: unknown, entities: ReadonlySet<string>): void {
  const { __typename } = Object(representation) as { __typename?: unknown };
  if (typeof __typename === 'string' && entities.has(__typename)) return;
  throw badInput(`A representation has a __typename, one of: ${[...entities].join(', ')}.`);
}

/**
 * Answers each representation by itself: a bad one is an error in its place. The library would fail them all, and would
 * show a representation itself as the object of a type that has no reference.
 */
export function withEntities(schema: GraphQLSchema): GraphQLSchema {
  const union = schema.getType('_Entity');
  const names = new Set(isUnionType(union) ? union.getTypes().map(({ name }) => name) : []);
  const fields = (schema.getQueryType() as GraphQLObjectType).getFields();
  for (const [name, description] of Object.entries(DESCRIPTIONS)) fields[name]!.description = description;
  const field = fields['_entities']!;
  const { resolve = defaultFieldResolver } = field;
  field.resolve = (root, { representations }: { representations: unknown[] }, context, info) =>
    representations.map(async (one) => {
      checkType(one, names);
      const [entity] = resolve(root, { representations: [one] }, context, info) as unknown[];
      return entity;
    });
  return schema;
}
