import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callsOfAll } from './support/calls.ts';
import { startWorld, type World } from './support/world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world.close());

describe('one deletion a document', () => {
  const one = (alias: string, number: number): string =>
    `${alias}: deleteCustomer(input: { customerId: "${world.id(number)}", reason: "x" }) { __typename }`;

  const erasures = async (): Promise<number> =>
    (await world.admin.data('{ erasures { edges { cursor } } }')).erasures.edges.length;

  async function expectRefused(document: string, variables = {}): Promise<void> {
    const before = await erasures();
    const calls = await callsOfAll(world.vendors);
    const answer = await world.admin.send(document, variables);
    expect(answer).toMatchObject({ status: 400, data: null });
    expect(answer.errors[0]!.extensions).toEqual({ code: 'SEVERAL_DELETIONS' });
    expect(await erasures()).toBe(before);
    expect(await callsOfAll(world.vendors)).toBe(calls);
  }

  test('two by aliases', () => expectRefused(`mutation { ${one('a', 10)} ${one('b', 11)} }`));

  test('two by fragments in fragments', () =>
    expectRefused(
      `mutation { ...A ...B } fragment A on Mutation { ... { ${one('a', 10)} } } fragment B on Mutation { ...C } fragment C on Mutation { ${one('b', 11)} }`,
    ));

  test('two kinds', () =>
    expectRefused(
      `mutation { ${one('a', 10)} releaseHold(input: { holdId: "x", reason: "x" }) { __typename } }`,
    ));

  test('two, where directives let both be executed', () =>
    expectRefused(
      `mutation ($yes: Boolean = true, $no: Boolean!) { ... @include(if: $yes) { ${one('a', 10)} } ... @skip(if: $no) { ${one('b', 11)} } }`,
      { no: false },
    ));

  test('one is executed where a directive leaves the other out, or both are the same', async () => {
    const { a, b } = await world.admin.data(
      `mutation ($no: Boolean!) { ${one('a', 12)} ... @include(if: $no) { ${one('b', 13)} } }`,
      { no: false },
    );
    expect(a.__typename).toBe('DeleteCustomerPayload');
    expect(b).toBeUndefined();
    const same = await world.admin.data(`mutation { ${one('a', 14)} ${one('a', 14)} }`);
    expect(same).toEqual({ a: { __typename: 'DeleteCustomerPayload' } });
  });
});

describe('mutations of one document', () => {
  const hold = (number: number): string =>
    `placeHold(input: { customerId: "${world.id(number)}", ground: "x" }) { __typename }`;
  const register = 'registerCustomer(input: { email: "new@example.com" }) { __typename }';
  const known = async (): Promise<unknown> =>
    (await world.admin.data('{ customerByEmail(email: "new@example.com") { name } }')).customerByEmail;

  test('are all judged before the first is executed', async () => {
    const without = await world.as({ role: 'ADMIN', scopes: ['customers:write'] });
    for (const document of [
      `mutation { ${register} ${hold(20)} }`,
      `mutation { ... { a: ${register} } ...F } fragment F on Mutation { ${hold(20)} }`,
    ]) {
      const answer = await without.send(document);
      expect(answer).toMatchObject({ status: 403, data: null });
      expect(answer.errors).toEqual([
        {
          message: 'The scope holds:write is needed.',
          path: ['placeHold'],
          extensions: { code: 'FORBIDDEN' },
        },
      ]);
      expect(await known()).toBeNull();
    }
  });

  test('are executed one after the other where all are allowed', async () => {
    const data = await world.admin.data(`mutation { ${register} ${hold(20)} __typename }`);
    expect(data).toMatchObject({
      registerCustomer: { __typename: 'CustomerPayload' },
      placeHold: { __typename: 'HoldPayload' },
    });
    expect(await known()).not.toBeNull();
  });
});
