import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
  lexicographicSortSchema,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
} from 'graphql';
import { apiSchema as unsorted } from '../../src/graphql/api-schema.ts';

/** A way into the schema. */
export interface Root {
  heading: string;
  parent: GraphQLObjectType;
  field: GraphQLField<unknown, unknown>;
}

const schema = lexicographicSortSchema(unsorted);

const rootGroup = (title: string, word: string, parent: GraphQLObjectType) => ({
  title,
  description: parent.description,
  roots: Object.values(parent.getFields()).map((field): Root => ({
    heading: `${word} ${field.name}`,
    parent,
    field,
  })),
});

/** The ways into the schema, by their kind. */
export const ROOT_GROUPS = [
  rootGroup('Queries', 'query', schema.getQueryType()!),
  rootGroup('Mutations', 'mutation', schema.getMutationType()!),
  rootGroup('Subscriptions', 'subscription', schema.getSubscriptionType()!),
];

const roots = ROOT_GROUPS.flatMap((group) => group.roots);

const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);

export const isError = (type: GraphQLNamedType): type is GraphQLObjectType =>
  isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Error');

const isPayload = ({ name }: GraphQLNamedType): boolean => name.endsWith('Payload');

/** Pages and ways in are described without a section of their own, and so is what a way in answers. */
const isAside = (type: GraphQLNamedType): boolean =>
  /Connection(Edge)?$/.test(type.name) ||
  roots.some(
    ({ parent, field }) => parent === type || (isUnionType(type) && getNamedType(field.type) === type),
  );

const others = types.filter((type) => !isAside(type) && !isError(type));
const objects = others.filter(isObjectType);

/** Types by what they are for, but for errors. */
export const TYPE_GROUPS: readonly { title: string; types: readonly GraphQLNamedType[] }[] = [
  { title: 'Objects', types: objects.filter((type) => !isPayload(type)) },
  { title: 'Payloads', types: objects.filter(isPayload) },
  {
    title: 'Interfaces and unions',
    types: others.filter((type) => isInterfaceType(type) || isUnionType(type)),
  },
  { title: 'Inputs', types: others.filter(isInputObjectType) },
  { title: 'Enums', types: others.filter(isEnumType) },
  { title: 'Scalars', types: others.filter(isScalarType) },
];

/** The errors that a client can act on, each with the ways in that answer it. */
export const ERROR_TYPES = types.filter(isError).map((type) => ({
  type,
  answeredBy: roots.filter(({ field }) => {
    const answer = getNamedType(field.type);
    return isUnionType(answer) && answer.getTypes().includes(type);
  }),
}));
