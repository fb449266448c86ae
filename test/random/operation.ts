import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';

/** Where random choices come from: a number from 0 up to `below`. */
export type Choose = (below: number) => number;

const MOST_DEPTH = 5;
const MOST_FIELDS = 4;
const TEXTS = [
  'a test',
  '',
  ' ',
  'glacier',
  'nobody',
  'x'.repeat(300),
  '\u202e\u0000',
  '☃',
  '{}',
  '0',
  'learn',
  'vpn',
];
const EMAILS = ['nobody@example.com', 'dmitri.abel.3@example.com', 'A.B+c@EXAMPLE.com'];
const TIMES = ['2026-11-22T10:00:00Z', '1970-01-01T00:00:00.000Z', '2999-12-31T23:59:59+14:00'];
const NUMBERS = [0, 1, 2, 5, 20, 100, 101, -1, 2_147_483_647, -2_147_483_648];

/** An operation of a schema that is valid by its types, with ids out of `ids` where one is asked for. */
export class RandomOperation {
  readonly #schema: GraphQLSchema;
  readonly #choose: Choose;
  readonly #ids: readonly string[];

  constructor(schema: GraphQLSchema, choose: Choose, ids: readonly string[]) {
    this.#schema = schema;
    this.#choose = choose;
    this.#ids = ids;
  }

  query(): string {
    return `query ${this.#selection(this.#schema.getQueryType()!, MOST_DEPTH)}`;
  }

  mutation(): string {
    const field = this.#one(Object.values(this.#schema.getMutationType()!.getFields()));
    return `mutation { ${this.#field(field, MOST_DEPTH)} }`;
  }

  #one<T>(items: readonly T[]): T {
    return items[this.#choose(items.length)]!;
  }

  /** Some fields, each name once, so that no two of them can be in each other's way. */
  #selection(type: GraphQLCompositeType, depth: number, taken = new Set(['__typename'])): string {
    const parts = ['__typename'];
    const possible = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [];
    for (const object of possible.filter(() => this.#choose(2) === 0))
      parts.push(`... on ${object.name} ${this.#selection(object, depth, taken)}`);
    const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
    for (let count = 1 + this.#choose(MOST_FIELDS); count > 0 && fields.length > 0; count--) {
      const field = this.#one(fields);
      if (taken.has(field.name) || (depth === 0 && isCompositeType(getNamedType(field.type)))) continue;
      taken.add(field.name);
      parts.push(this.#field(field, depth));
    }
    return `{ ${parts.join(' ')} }`;
  }

  #field({ name, args, type }: GraphQLField<unknown, unknown>, depth: number): string {
    const given = args.filter((arg) => isNonNullType(arg.type) || this.#choose(3) === 0);
    const list = given.map((arg) => `${arg.name}: ${this.#argument(arg)}`).join(', ');
    const named = getNamedType(type);
    const selection = isCompositeType(named) ? ` ${this.#selection(named, depth - 1)}` : '';
    return `${name}${list && `(${list})`}${selection}`;
  }

  /** Pages are small, for a cost is not what is tried here. */
  #argument({ name, type }: GraphQLArgument): string {
    return name === 'first' || name === 'last' ? String(this.#choose(6)) : this.#value(type);
  }

  #value(type: GraphQLInputType): string {
    if (isNonNullType(type)) return this.#value(type.ofType);
    if (isListType(type))
      return `[${Array.from({ length: this.#choose(4) }, () => this.#value(type.ofType)).join(', ')}]`;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => isNonNullType(field.type) || this.#choose(3) === 0,
      );
      return `{ ${fields.map((field) => `${field.name}: ${this.#value(field.type)}`).join(', ')} }`;
    }
    if (isEnumType(type)) return this.#one(type.getValues()).name;
    if (isLeafType(type)) return this.#leaf(type.name);
    throw new Error(`there is no value of ${String(type)}`);
  }

  /** What a federated router sends, or something like it. */
  #representation(): string {
    const typename = JSON.stringify(this.#one(['Customer', 'Erasure', '__proto__']));
    const key = this.#choose(2) === 0 ? `id: ${this.#leaf('ID')}` : `email: ${this.#leaf('EmailAddress')}`;
    return this.#choose(8) === 0 ? this.#leaf('String') : `{ __typename: ${typename}, ${key} }`;
  }

  #leaf(type: string): string {
    switch (type) {
      case 'ID':
        return JSON.stringify(this.#one(this.#choose(4) === 0 ? TEXTS : this.#ids));
      case 'String':
        return JSON.stringify(this.#one(TEXTS));
      case 'Boolean':
        return String(this.#choose(2) === 0);
      case 'Int':
      case 'Float':
        return String(this.#one(NUMBERS));
      case 'EmailAddress':
        return JSON.stringify(this.#one(EMAILS));
      case 'DateTime':
        return JSON.stringify(this.#one(TIMES));
      case '_Any':
        return this.#representation();
      default:
        throw new Error(`there is no value of ${type}`);
    }
  }
}
