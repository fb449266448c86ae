import { readFileSync } from 'node:fs';
import {
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  lexicographicSortSchema,
  printSchema,
  type GraphQLObjectType,
} from 'graphql';
import { expect, test } from 'vitest';
import { HARMLESS } from '../src/graphql/one-deletion.ts';
import { prices } from '../src/graphql/prices.ts';
import { providers } from '../src/providers/index.ts';
import { apiSchema } from '../src/graphql/api-schema.ts';
import { schema } from '../src/graphql/schema.ts';
import { descriptionsOf } from './interface/places.ts';
import { exampleTypes } from './support/example-types.ts';

const types = Object.values(apiSchema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);

test('schema.graphql is the schema; `npm run schema` writes it', () => {
  const printed = `${printSchema(lexicographicSortSchema(apiSchema))}\n`;
  expect(readFileSync('schema.graphql', 'utf8')).toBe(printed);
});

test('examples/schema.d.ts is of the schema; `npm run schema` writes it', () => {
  expect(readFileSync('examples/schema.d.ts', 'utf8')).toBe(exampleTypes(apiSchema));
});

test('every type, field, argument and enum value is described', () => {
  const silent = types.flatMap(descriptionsOf).filter(([, description]) => !description);
  expect(silent.map(([name]) => name)).toEqual([]);
});

test('every kind of provider is named where an integration says of which it is', () => {
  const { description } = (schema.getType('Integration') as GraphQLObjectType).getFields()['provider']!;
  expect(providers.map(({ id }) => id).filter((id) => !description!.includes(`\`${id}\``))).toEqual([]);
});

test('account types give a field of the same name the same type, so that one selection can hold them all', () => {
  const accounts = types
    .filter(isObjectType)
    .filter((type) => type.getInterfaces().some(({ name }) => name === 'Account'));
  const fields = accounts.flatMap((type) =>
    Object.values(type.getFields()).map((field) => `${field.name}: ${String(field.type)}`),
  );
  const names = new Set(fields.map((field) => field.split(':')[0]));
  expect(accounts).toHaveLength(providers.length);
  expect(new Set(fields).size).toBe(names.size);
});

test('every price, and every mutation that may stand with others, is of a field that there is', () => {
  const priced = Object.entries(prices).flatMap(([type, fields]) =>
    Object.keys(fields).map((field) => `${type}.${field}`),
  );
  const harmless = [...HARMLESS].map((field) => `Mutation.${field}`);
  const names = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap((type) => ['*', ...Object.keys(type.getFields())].map((field) => `${type.name}.${field}`));
  const there = new Set(names);
  expect([...priced, ...harmless].filter((name) => !there.has(name))).toEqual([]);
});

test('no mutation that may stand with others deletes, releases or lets a deletion go on', () => {
  const destructive = /^(delete|erase|retry|resolve|approve|release|resume|unlink)|^revokeCustomerToken$/;
  expect([...HARMLESS].filter((name) => destructive.test(name))).toEqual([]);
});
