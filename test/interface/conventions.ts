import {
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLType,
} from 'graphql';
import { descriptionsOf, placesIn, typesOf, type Place } from './places.ts';

const mutationsOf = (schema: GraphQLSchema): GraphQLField<unknown, unknown>[] =>
  Object.values(schema.getMutationType()?.getFields() ?? {});

const isError = (type: GraphQLObjectType): boolean =>
  type.getInterfaces().some(({ name }) => name === 'Error');

const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

function answersByUnion(field: GraphQLField<unknown, unknown>): boolean {
  const { type } = field;
  if (!isNonNullType(type) || !isUnionType(type.ofType)) return false;
  const payloads = type.ofType.getTypes().filter((member) => !isError(member));
  return type.ofType.name === `${capitalised(field.name)}Result` && payloads.length === 1;
}

const mayHaveNullItems = (type: GraphQLType): boolean => {
  const list = isNonNullType(type) ? type.ofType : type;
  return isListType(list) && !isNonNullType(list.ofType);
};

/** Ids that others have given, and that lead to nothing in this API. */
const FOREIGN = new Set(['externalId', 'internalId', 'requestId']);

const isId = ({ name }: Place): boolean => /^ids?$|Ids?$/.test(name) && !FOREIGN.has(name);

const isTime = ({ name }: Place): boolean => /^at$|At$|^asOf$|For$/.test(name);

const EMPTY = new Set(['the', 'a', 'an', 'of', 'its', 'it', 'is', 'what', 'which', 'in', 'this', 'that']);

/** Whether a description has no word that its name has not. */
function saysNothing([path, description]: [string, string | null | undefined]): boolean {
  const name = path.split(/[.(]/).slice(-2).join('').toLowerCase();
  const words = (description ?? '').toLowerCase().match(/[a-z0-9…]+/g) ?? [];
  return words.every((word) => EMPTY.has(word) || name.includes(word));
}

/** What the schema keeps to besides the rules of graphql-schema-linter: each names who does not. */
export const CONVENTIONS: Record<string, (schema: GraphQLSchema) => string[]> = {
  'a mutation takes one `input: …Input!`': (schema) =>
    mutationsOf(schema)
      .filter(
        ({ args }) =>
          args.length !== 1 || !/^input: \w+Input!$/.test(`${args[0]!.name}: ${String(args[0]!.type)}`),
      )
      .map(({ name }) => name),
  'a mutation answers a union called after it, of one payload and errors': (schema) =>
    mutationsOf(schema)
      .filter((field) => !answersByUnion(field))
      .map(({ name }) => name),
  'errors, and they alone, are called …Error': (schema) =>
    typesOf(schema)
      .filter(isObjectType)
      .filter((type) => isError(type) !== type.name.endsWith('Error'))
      .map(({ name }) => name),
  'an input object is called …Input, or …Filter': (schema) =>
    typesOf(schema)
      .filter((type) => isInputObjectType(type) && !/(Input|Filter)$/.test(type.name))
      .map(({ name }) => name),
  'no item of a list is null, but those of `nodes`, which stand for what was asked': (schema) =>
    placesIn(schema)
      .filter(({ path, type }) => mayHaveNullItems(type) && path !== 'Query.nodes')
      .map(({ path }) => path),
  'ids are of the type ID': (schema) =>
    placesIn(schema)
      .filter((place) => isId(place) !== (getNamedType(place.type).name === 'ID'))
      .map(({ path }) => path),
  'points in time are of the type DateTime, and called …At or …For': (schema) =>
    placesIn(schema)
      .filter((place) => isTime(place) !== (getNamedType(place.type).name === 'DateTime'))
      .map(({ path }) => path),
  'whatever may be null says when': (schema) =>
    placesIn(schema)
      .filter(
        ({ answered, type, member }) =>
          answered && !isNonNullType(type) && !/\bnull\b/i.test(member.description ?? ''),
      )
      .map(({ path }) => path),
  'whatever may be left out has a default, or says what that means': (schema) =>
    placesIn(schema)
      .filter(
        ({ answered, type, name }) =>
          !answered && !isNonNullType(type) && !['after', 'before'].includes(name),
      )
      .filter(({ member }) => !('defaultValue' in member && member.defaultValue !== undefined))
      .filter(
        ({ member }) =>
          !/\b(without|instead|either|not with|alone|default)\b/i.test(member.description ?? ''),
      )
      .map(({ path }) => path),
  'a number that is sent says its range': (schema) =>
    placesIn(schema)
      .filter(({ answered, type }) => !answered && ['Int', 'Float'].includes(getNamedType(type).name))
      .filter(({ member }) => !/\b(or more|to|from)\b/.test(member.description ?? ''))
      .map(({ path }) => path),
  'a description is made of sentences': (schema) =>
    typesOf(schema)
      .filter(({ name }) => !['String', 'Int', 'Float', 'Boolean', 'ID'].includes(name))
      .flatMap(descriptionsOf)
      .filter(([, description]) => !/^[A-Z0-9`][^]*\.$/.test(description ?? ''))
      .map(([path]) => path),
  'a description says more than the name': (schema) =>
    typesOf(schema)
      .flatMap(descriptionsOf)
      .filter(saysNothing)
      .map(([path]) => path),
  'what is deprecated says what to use, and when it goes': (schema) =>
    placesIn(schema)
      .filter(({ member: { deprecationReason } }) => typeof deprecationReason === 'string')
      .filter(({ member }) => !/^Use .+\. Goes with \d+\.0\.0\.$/.test(member.deprecationReason!))
      .map(({ path }) => path),
};
