import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { apiSchema } from '../../src/graphql/api-schema.ts';
import { CONVENTIONS } from './conventions.ts';

/** A schema that breaks every convention, and who breaks it. */
const BROKEN = buildSchema(`
  interface Error { message: String! }
  type Trouble implements Error { message: String! }
  type CalmError { message: String! }
  type Thing { id: ID! }
  enum Old { NEW }
  union BuyResult = Thing | CalmError
  input Basket { itemId: ID! }
  type Query {
    items("Ids of items." ids: [ID]!, "How many." count: Int, "When." since: DateTime): [Thing]!
    "When it was made." madeAt: String!
    "Its name." name: String
    "no sentence" old: String! @deprecated(reason: "It is old.")
    "The item id." itemId: String!
    "Fine; null when unknown." fine: Int
  }
  scalar DateTime
  type Mutation { buy(input: Basket!): BuyResult!  sell(itemId: ID!): Thing }
`);

const BREAKERS: Record<string, string[]> = {
  'a mutation takes one `input: …Input!`': ['buy', 'sell'],
  'a mutation answers a union called after it, of one payload and errors': ['buy', 'sell'],
  'errors, and they alone, are called …Error': ['Trouble', 'CalmError'],
  'an input object is called …Input, or …Filter': ['Basket'],
  'no item of a list is null, but those of `nodes`, which stand for what was asked': [
    'Query.items',
    'Query.items(ids)',
  ],
  'ids are of the type ID': ['Query.itemId'],
  'points in time are of the type DateTime, and called …At or …For': ['Query.items(since)', 'Query.madeAt'],
  'whatever may be null says when': ['Query.name', 'Mutation.sell'],
  'whatever may be left out has a default, or says what that means': [
    'Query.items(count)',
    'Query.items(since)',
  ],
  'a number that is sent says its range': ['Query.items(count)'],
  'a description is made of sentences': ['Old', 'Old.NEW', 'Query.old'],
  'a description says more than the name': ['Old', 'Query.itemId'],
  'what is deprecated says what to use, and when it goes': ['Query.old'],
};

test.each(Object.entries(CONVENTIONS))('%s', (name, findings) => {
  expect(findings(apiSchema)).toEqual([]);
  expect(findings(BROKEN)).toEqual(expect.arrayContaining(BREAKERS[name]!));
});
