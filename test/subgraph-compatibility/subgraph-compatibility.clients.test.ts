import { afterAll, beforeAll, expect, test } from 'vitest';
import { compose } from '../../examples/federation/compose.ts';
import { listen } from '../../examples/federation/listen.ts';
import { startRouter } from '../../examples/federation/router.ts';
import { productsListener } from './products-listener.ts';
import { productsSchema } from './products.ts';
import { Suite, type Assertion } from './suite.ts';

/** The ports that the suite's tests and its own subgraphs are written for. */
const ROUTER_PORT = 4000;
const SUBGRAPHS = { users: 'http://localhost:4002/', inventory: 'http://localhost:4003/' };

/** What the suite reports on, by its names. */
const CAPABILITIES = [
  'introspection',
  '@key single',
  '@key multiple',
  '@key composite',
  'repeatable @key',
  '@requires',
  '@provides',
  'ftv1',
  '@link',
  '@shareable',
  '@tag',
  '@override',
  '@inaccessible',
  '@composeDirective',
  '@interfaceObject',
];

const MINUTES = 60_000;

/** Undoes what was started, the latest first. */
const undo: (() => unknown)[] = [];
let assertions: Assertion[];

beforeAll(async () => {
  const suite = new Suite();
  undo.push(() => suite.remove());
  await suite.install();
  const sdl = suite.read('products.graphql');
  const products = await listen(productsListener(productsSchema(sdl)), 0);
  undo.push(() => products.close());
  const others = Object.entries(SUBGRAPHS).map(async ([name, url]) => {
    await suite.startSubgraph(name);
    return { name, url, sdl: suite.read(`dist/subgraphs/${name}/${name}.graphql`) };
  });
  const { supergraphSdl } = compose([
    { name: 'products', url: products.url, sdl },
    ...(await Promise.all(others)),
  ]);
  const router = await startRouter(supergraphSdl, 'none');
  undo.push(() => router.stop());
  const { close } = await listen((request, response) => {
    request.url = '/graphql';
    router.listener(request, response);
  }, ROUTER_PORT);
  undo.push(close);
  assertions = await suite.test(products.url);
}, 5 * MINUTES);

afterAll(async () => {
  for (const step of undo.toReversed()) await step();
});

test.each(CAPABILITIES)('%s', (name) => {
  const about = assertions.filter(({ capability }) => capability === name);
  expect(about.length).toBeGreaterThan(0);
  expect(about.filter(({ passed }) => !passed)).toEqual([]);
});

test('there is nothing else in the suite', () => {
  const passed = assertions.filter((one) => one.passed).length;
  console.log(`Apollo's subgraph compatibility suite: ${passed} of ${assertions.length} tests passed`);
  expect(new Set(assertions.map(({ capability }) => capability))).toEqual(new Set(CAPABILITIES));
});
