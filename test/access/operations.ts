import {
  getNamedType,
  isCompositeType,
  isObjectType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
} from 'graphql';
import { schema } from '../../src/graphql/schema.ts';

export type Root = 'Query' | 'Mutation' | 'Subscription';

/** One step on a way through the schema. */
interface Step {
  type: string;
  field: string;
}

/** A field of a type, and the ways that lead to its objects from a root field: one for each kind of answer that has one. */
export interface Cell extends Step {
  ways: readonly (readonly Step[])[];
}

const objectsOf = (type: GraphQLCompositeType): readonly GraphQLObjectType[] =>
  isObjectType(type) ? [type] : schema.getPossibleTypes(type);

const resultOf = (field: GraphQLField<unknown, unknown>): GraphQLCompositeType | null => {
  const type = getNamedType(field.type);
  return isCompositeType(type) ? type : null;
};

export function rootField(root: Root, name: string): GraphQLField<unknown, unknown> {
  const type = {
    Query: schema.getQueryType(),
    Mutation: schema.getMutationType(),
    Subscription: schema.getSubscriptionType(),
  };
  return type[root]!.getFields()[name]!;
}

/** The shortest way to each type from one. */
function waysFrom(start: GraphQLObjectType): Map<GraphQLObjectType, Step[]> {
  const ways = new Map<GraphQLObjectType, Step[]>([[start, []]]);
  for (const [type, way] of ways)
    for (const field of Object.values(type.getFields()))
      for (const next of objectsOf(resultOf(field) ?? type))
        if (!ways.has(next)) ways.set(next, [...way, { type: type.name, field: field.name }]);
  return ways;
}

const known = new Map<string, Cell[]>();

/** Every field that a root field leads to by so many steps. `only`: of the answers that it may give, this one. */
export function cellsOf(root: Root, name: string, steps: number, only = ''): readonly Cell[] {
  const key = `${root}.${name} ${steps} ${only}`;
  const cells = known.get(key) ?? findCells(root, name, steps, only);
  known.set(key, cells);
  return cells;
}

function findCells(root: Root, name: string, steps: number, only: string): Cell[] {
  const cells = new Map<string, Step & { ways: Step[][] }>();
  const answers = objectsOf(resultOf(rootField(root, name))!).filter((type) => !only || type.name === only);
  for (const answer of answers)
    for (const [type, way] of waysFrom(answer)) {
      if (way.length > steps) continue;
      for (const field of Object.keys(type.getFields())) {
        const key = `${type.name}.${field}`;
        const cell = cells.get(key) ?? { type: type.name, field, ways: [] };
        cell.ways.push(way);
        cells.set(key, cell);
      }
    }
  return [...cells.values()];
}

/** What is selected: the fields of a type, by type. */
interface Selection {
  [type: string]: { [field: string]: Selection };
}

function add(selection: Selection, { type, field }: Step): Selection {
  const fields = (selection[type] ??= {});
  return (fields[field] ??= {});
}

const fieldOf = (type: string, field: string): GraphQLField<unknown, unknown> =>
  (schema.getType(type) as GraphQLObjectType).getFields()[field]!;

/** What a field is called in answers where fields of other types have its name, and give something else. */
const alias = (type: string, field: string): string => `${type}_${field}`;

function print(selection: Selection): string {
  const all = Object.entries(selection).flatMap(([type, fields]) =>
    Object.keys(fields).map((field) => ({ field, gives: String(fieldOf(type, field).type) })),
  );
  const types = Object.entries(selection).map(([type, fields]) => {
    const printed = Object.entries(fields).map(([name, inner]) => {
      const field = fieldOf(type, name);
      const isAmbiguous = all.some((one) => one.field === name && one.gives !== String(field.type));
      const page = field.args.some((arg) => arg.name === 'first') ? '(first: 2)' : '';
      const called = isAmbiguous ? `${alias(type, name)}: ${name}` : name;
      return `${called}${page}${resultOf(field) ? print(inner) : ''}`;
    });
    return `... on ${type} { ${printed.join(' ')} }`;
  });
  return ` { __typename ${types.join(' ')} }`;
}

/** An operation that asks for some fields by all their ways. Its arguments come as variables of the same names. */
export function operation(root: Root, name: string, cells: readonly Cell[], args: object): string {
  const field = rootField(root, name);
  const selection: Selection = {};
  for (const cell of cells)
    for (const way of cell.ways) {
      let inner = selection;
      for (const step of way) inner = add(inner, step);
      add(inner, cell);
    }
  const given = field.args.filter((arg) => arg.name in args);
  const variables = given.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ');
  const passed = given.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const head = `${root.toLowerCase()}${variables && `(${variables})`}`;
  return `${head} { ${name}${passed && `(${passed})`}${print(selection)} }`;
}

type Answered = Record<string, unknown>;

const read = (object: Answered, { type, field }: Step): unknown =>
  alias(type, field) in object ? object[alias(type, field)] : object[field];

/** The objects that a way leads to in an answer. */
function objectsAt(value: unknown, way: readonly Step[]): Answered[] {
  if (Array.isArray(value)) return value.flatMap((one) => objectsAt(one, way));
  if (value === null || typeof value !== 'object') return [];
  const [step, ...rest] = way;
  const object = value as Answered;
  if (!step) return [object];
  return object['__typename'] === step.type ? objectsAt(read(object, step), rest) : [];
}

/** What an answer holds of a field: its values, as far as it has objects that have it. */
export function valuesOf(data: unknown, cell: Cell): unknown[] {
  return cell.ways
    .flatMap((way) => objectsAt(data, way))
    .filter((object) => object['__typename'] === cell.type)
    .map((object) => read(object, cell));
}
