import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type GraphQLType,
} from 'graphql';

/** Something that has a type, and where it stands. */
export interface Place {
  path: string;
  name: string;
  type: GraphQLType;
  /** Whether it is answered, and not sent. */
  answered: boolean;
  member: GraphQLField<unknown, unknown> | GraphQLArgument | GraphQLInputField;
}

/** The types of a schema, but for those of introspection. */
export const typesOf = (schema: GraphQLSchema): GraphQLNamedType[] =>
  Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));

function placesOf(type: GraphQLNamedType): Place[] {
  if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return [];
  const fields: (GraphQLField<unknown, unknown> | GraphQLInputField)[] = Object.values(type.getFields());
  return fields.flatMap((field) => {
    const path = `${type.name}.${field.name}`;
    const own = { path, name: field.name, type: field.type, answered: 'args' in field, member: field };
    if (!('args' in field)) return [own];
    const args = field.args.map((arg) => ({
      path: `${path}(${arg.name})`,
      name: arg.name,
      type: arg.type,
      answered: false,
      member: arg,
    }));
    return [own, ...args];
  });
}

/** Every field, argument and input field of a schema. */
export const placesIn = (schema: GraphQLSchema): Place[] => typesOf(schema).flatMap(placesOf);

/** What a type and everything in it say of themselves, by where they stand. */
export const descriptionsOf = (type: GraphQLNamedType): [string, string | null | undefined][] => [
  [type.name, type.description],
  ...placesOf(type).map(({ path, member }): [string, string | null | undefined] => [
    path,
    member.description,
  ]),
  ...(isEnumType(type) ? type.getValues() : []).map(
    ({ name, description }): [string, string | null | undefined] => [`${type.name}.${name}`, description],
  ),
];
