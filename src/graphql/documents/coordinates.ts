import {
  isAbstractType,
  isObjectType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { fragmentsOf } from './fields.ts';

/** A field of an object type. */
export interface Coordinate {
  type: string;
  field: string;
}

const objectTypesOf = (schema: GraphQLSchema, type: GraphQLCompositeType): readonly string[] =>
  isAbstractType(type)
    ? schema.getPossibleTypes(type).map(({ name }) => name)
    : isObjectType(type)
      ? [type.name]
      : [];

/** An operation, and the fragments that it spreads, directly or not. */
function partsOf(
  document: DocumentNode,
  operation: OperationDefinitionNode,
): (OperationDefinitionNode | FragmentDefinitionNode)[] {
  const fragments = fragmentsOf(document);
  const spread = new Set<string>();
  const parts: (OperationDefinitionNode | FragmentDefinitionNode)[] = [operation];
  for (const part of parts)
    visit(part, {
      [Kind.FRAGMENT_SPREAD]({ name: { value: name } }) {
        if (spread.has(name)) return;
        spread.add(name);
        parts.push(fragments.get(name)!);
      },
    });
  return parts;
}

/**
 * All fields that an operation of a valid document may read: of an abstract type, those of each object type that may
 * stand there, and also what a directive may leave out. Introspection and `__typename` are no fields of a type.
 */
export function coordinatesOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Coordinate[] {
  const coordinates = new Map<string, Coordinate>();
  for (const part of partsOf(document, operation)) {
    const types = new TypeInfo(schema);
    const enter = { Field: ({ name: { value: field } }: { name: { value: string } }) => add(field) };
    const add = (field: string): void => {
      if (field.startsWith('__')) return;
      for (const type of objectTypesOf(schema, types.getParentType()!))
        coordinates.set(`${type}.${field}`, { type, field });
    };
    visit(part, visitWithTypeInfo(types, enter));
  }
  return [...coordinates.values()];
}
