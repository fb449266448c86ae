import {
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isInterfaceType,
  isObjectType,
  type DocumentNode,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql';
import { fieldsOf, fragmentsOf, type Selected, type SelectedField } from './fields.ts';

export type Values = Record<string, unknown>;

/** What a field costs each time that it is read. */
export interface Price {
  /** How many customers the providers are asked about, or what comes to as much. */
  points?: number | ((args: Values) => number);
  /** How many items its list has, where no `first` or `last` tells. Lists without it count as one item. */
  items?: number | ((args: Values) => number);
}

/** Prices by type and field; `*` is for the other fields of the type. */
export type Prices = Readonly<Record<string, Readonly<Record<string, Price>>>>;

/** One operation of a valid document, as a request asks for it. */
export interface Operation {
  schema: GraphQLSchema;
  document: DocumentNode;
  definition: OperationDefinitionNode;
  /** The variables, coerced. */
  variables: Values;
}

/** The most that an operation may come to. */
export interface Cost {
  points: number;
  /** How many values are resolved. */
  values: number;
}

/** What an item of a list costs that is read from the store alone. */
const ITEM_POINTS = 0.1;
const INTROSPECTION_POINTS = 300;
const PAGE = 25;
const MAX_PAGE = 100;

/** Whether the directives of a selection let it be executed (GraphQL, section 3.13). */
const isIncluded =
  (variables: Values) =>
  (node: SelectionNode): boolean =>
    getDirectiveValues(GraphQLSkipDirective, node, variables)?.['if'] !== true &&
    getDirectiveValues(GraphQLIncludeDirective, node, variables)?.['if'] !== false;

const rootOf = ({ schema, definition }: Operation): Selected => ({
  on: schema.getRootType(definition.operation)!.name,
  selectionSet: definition.selectionSet,
});

/** The root fields that an operation executes, each once. */
export function rootFieldsOf(operation: Operation): SelectedField[] {
  const fields = fieldsOf(
    [rootOf(operation)],
    fragmentsOf(operation.document),
    isIncluded(operation.variables),
  );
  return [...fields.values()].map(([first]) => first!);
}

/** The definition of a field; null for `__typename` and introspection. */
export function definitionOf(
  schema: GraphQLSchema,
  { on, node }: SelectedField,
): GraphQLField<unknown, unknown> | null {
  const type = schema.getType(on);
  return isObjectType(type) || isInterfaceType(type) ? (type.getFields()[node.name.value] ?? null) : null;
}

const valueOf = (amount: number | ((args: Values) => number) | undefined, args: Values): number =>
  typeof amount === 'function' ? amount(args) : (amount ?? 0);

function pageOf({ first, last }: Values): number {
  const asked = Number(first ?? last ?? PAGE);
  return Math.min(Math.max(asked, 1), MAX_PAGE);
}

/** What one field comes to by itself, and how often what is selected below it is read. */
function estimate(
  { schema, variables }: Operation,
  prices: Prices,
  field: SelectedField,
): { points: number; times: number } {
  const definition = definitionOf(schema, field);
  const { value: name } = field.node.name;
  if (!definition) return { points: name === '__typename' ? 0 : INTROSPECTION_POINTS, times: 1 };
  const price = prices[field.on]?.[name] ?? prices[field.on]?.['*'] ?? {};
  const isPage = definition.args.some((arg) => arg.name === 'first');
  const isFixed = !isPage && typeof price.points !== 'function' && typeof price.items !== 'function';
  const args = isFixed ? {} : getArgumentValues(definition, field.node, variables);
  const items = isPage ? pageOf(args) : valueOf(price.items, args);
  return { points: valueOf(price.points, args) + items * ITEM_POINTS, times: Math.max(items, 1) };
}

/**
 * What an operation may come to at the most, before anything of it is executed. A point is a customer whom the
 * providers are asked about, or ten items that are read from the store.
 */
export function costOf(operation: Operation, prices: Prices): Cost {
  const fragments = fragmentsOf(operation.document);
  const enter = isIncluded(operation.variables);
  const cost = { points: 0, values: 0 };
  const add = (together: readonly Selected[], times: number): void => {
    for (const same of fieldsOf(together, fragments, enter).values()) {
      // Fields of one name differ only where they are of different types, and an object is of one of them.
      const each = same.map((field) => estimate(operation, prices, field));
      cost.points += times * Math.max(...each.map(({ points }) => points));
      cost.values += times;
      const below = same.flatMap((field) => {
        const definition = definitionOf(operation.schema, field);
        const { selectionSet } = field.node;
        return definition && selectionSet ? [{ on: getNamedType(definition.type).name, selectionSet }] : [];
      });
      if (below.length > 0) add(below, times * Math.max(...each.map((one) => one.times)));
    }
  };
  add([rootOf(operation)], 1);
  return { points: Math.max(Math.ceil(cost.points), 1), values: cost.values };
}
