import {
  astFromValue,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
  print,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLType,
} from 'graphql';
import { code, link, paragraphs, table } from './markdown.ts';

const PAGE_ARGUMENTS = new Set(['first', 'last', 'after', 'before']);

const isPage = (type: GraphQLNamedType): boolean => type.name.endsWith('Connection');

/** The type of the items of a connection. */
function itemOf(connection: GraphQLNamedType): GraphQLNamedType {
  const fieldOf = (type: GraphQLNamedType, name: string): GraphQLNamedType =>
    getNamedType((type as Extract<GraphQLNamedType, { getFields(): object }>).getFields()[name]!.type);
  return fieldOf(fieldOf(connection, 'edges'), 'node');
}

/** A type as the schema writes it, which leads to where it is described. */
export function typeLink(type: GraphQLType): string {
  const named = getNamedType(type);
  if (isSpecifiedScalarType(named)) return code(String(type));
  if (isPage(named)) return `a ${link('page', 'Pages')} of ${typeLink(itemOf(named))}`;
  return link(code(String(type)), named.name);
}

type Described = GraphQLField<unknown, unknown> | GraphQLArgument | GraphQLInputField;

const defaultOf = (one: Described): string => {
  const value = 'defaultValue' in one ? astFromValue(one.defaultValue, one.type) : null;
  return value ? ` = ${code(print(value))}` : '';
};

const meaningOf = ({ description, deprecationReason }: Described): string =>
  deprecationReason == null ? description! : `**Deprecated.** ${deprecationReason} ${description}`;

const rowOf = (one: Described, name = one.name): string[] => [
  code(name),
  typeLink(one.type) + defaultOf(one),
  meaningOf(one),
];

const ownArguments = ({ args }: GraphQLField<unknown, unknown>): GraphQLArgument[] =>
  args.filter(({ name }) => !PAGE_ARGUMENTS.has(name));

/** The arguments of a field, but for those that every page takes. */
export const argumentTable = (field: GraphQLField<unknown, unknown>): string | null =>
  table(
    ['argument', 'type', ''],
    ownArguments(field).map((arg) => rowOf(arg)),
  );

/** A field, and below it its arguments. */
const rowsOf = (field: Described): string[][] =>
  'args' in field
    ? [rowOf(field), ...ownArguments(field).map((arg) => rowOf(arg, `${field.name}(${arg.name})`))]
    : [rowOf(field)];

function bodyOf(type: GraphQLNamedType, besides: ReadonlySet<string>): string | null {
  if (isEnumType(type))
    return table(
      ['value', ''],
      type.getValues().map((value) => [code(value.name), value.description!]),
    );
  if (isUnionType(type)) return `One of ${type.getTypes().map(typeLink).join(', ')}.`;
  if (isScalarType(type)) return type.specifiedByURL ? `<${type.specifiedByURL}>` : null;
  if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return null;
  const fields: Described[] = Object.values(type.getFields());
  const shown = fields.filter(({ name }) => !besides.has(name)).flatMap(rowsOf);
  return table(['field', 'type', ''], shown);
}

/** A type under a heading of its own; `besides`: fields that are described elsewhere. */
export function typeSection(type: GraphQLNamedType, besides: readonly string[] = []): string {
  const interfaces = isObjectType(type) ? type.getInterfaces().filter(({ name }) => name !== 'Error') : [];
  const implemented = interfaces.length > 0 ? `Implements ${interfaces.map(typeLink).join(', ')}.` : null;
  return paragraphs(`### ${type.name}`, type.description, implemented, bodyOf(type, new Set(besides)));
}
