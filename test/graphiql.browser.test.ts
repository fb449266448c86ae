import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { build, startDemo, type DemoProcess } from './support/browser-demo.ts';
import { Graphiql } from './support/browser-graphiql.ts';
import { launchChromium, openPage, type Sightings } from './support/browser.ts';
import { mintToken } from './support/tokens.ts';
import { startWorld, type World } from './support/world.ts';

const SCREENSHOTS = join(tmpdir(), 'customer-gateway-graphiql');
const STORE_AS_ANOTHER_PAGE = "localStorage.setItem('theme-of-another-page', 'dark')";
const STORED_BY_ANOTHER_PAGE = "localStorage.getItem('theme-of-another-page')";
const TABS = ['Find', 'Plan', 'Delete', 'Watch', 'Verify'];

interface Progress {
  data: { erasureProgress: { sequence: number; action: string } };
}

interface Deletion {
  data: { deleteCustomer: { erasure: { id: string } } };
}

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
});

/** The tests are one visit: each goes on where the one before ended. */
describe('GraphiQL in the demo', () => {
  let demo: DemoProcess;
  let page: Page;
  let sightings: Sightings;
  let graphiql: Graphiql;
  let erasureId: string;

  beforeAll(async () => {
    await build();
    demo = await startDemo();
    ({ page, sightings } = await openPage(browser));
    graphiql = new Graphiql(page);
  });

  afterEach(async ({ task }) => {
    await page.screenshot({ path: join(SCREENSHOTS, `${task.name.replaceAll(/\W+/g, '-')}.png`) });
  });

  afterAll(async () => {
    await demo?.stop();
  });

  it('shows the prepared tabs', async () => {
    await graphiql.open(demo.graphiqlUrl);
    expect(await graphiql.tabs()).toEqual(TABS);
  });

  it('finds a customer with the first tab as it is', async () => {
    await graphiql.run();
    const account = (integration: string) => expect.objectContaining({ integration: { id: integration } });
    await expect
      .poll(() => graphiql.result())
      .toMatchObject({
        data: {
          customerByEmail: {
            id: expect.any(String),
            accounts: ['particle', 'engagelab', 'learn', 'vpn', 'onelogin'].map(account),
          },
        },
      });
  });

  it('acts as whoever is chosen, and still after a reload', async () => {
    const reads = (role: string) => ({ data: { viewer: { role } } });
    await graphiql.openTab();
    await graphiql.typeQuery('{ viewer { role } }');
    for (const role of ['RESALE', 'MASTER']) {
      await graphiql.actAs(role);
      await graphiql.run();
      await expect.poll(() => graphiql.result()).toEqual(reads(role));
    }
    await graphiql.reload();
    await graphiql.run();
    await expect.poll(() => graphiql.result()).toEqual(reads('MASTER'));
    await graphiql.actAs('ADMIN');
  });

  it('answers a query of one’s own in a new tab', async () => {
    await graphiql.openTab();
    await graphiql.typeQuery('{ viewer { subject role } }');
    await graphiql.run();
    await expect
      .poll(() => graphiql.result())
      .toEqual({ data: { viewer: { subject: 'demo-admin', role: 'ADMIN' } } });
  });

  it('plans the deletion', async () => {
    await graphiql.show('Plan');
    await graphiql.run();
    const found = expect.objectContaining({ presence: 'FOUND' });
    await expect
      .poll(() => graphiql.result())
      .toMatchObject({ data: { erasurePlan: { items: Array(5).fill(found), blockers: [] } } });
  });

  it('deletes, and answers the id of the erasure', async () => {
    await graphiql.show('Delete');
    await graphiql.run();
    await expect
      .poll(() => graphiql.result())
      .toMatchObject({ data: { deleteCustomer: { erasure: { id: expect.any(String) } } } });
    ({ id: erasureId } = ((await graphiql.result()) as Deletion).data.deleteCustomer.erasure);
  });

  it('shows progress as it arrives, until the erasure is completed', async () => {
    await graphiql.show('Watch');
    await graphiql.pasteVariables({ erasureId });
    const kept = await graphiql.keepResults();
    await graphiql.run();
    await expect
      .poll(() => graphiql.result())
      .toMatchObject({
        data: { erasureProgress: { action: 'erasure.completed', erasure: { state: 'COMPLETED' } } },
      });
    const events = ((await kept()) as Progress[]).map(({ data }) => data.erasureProgress);
    const sequences = events.map(({ sequence }) => sequence);
    expect(sequences.length).toBeGreaterThan(1);
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
  });

  it('shows the result at every integration', async () => {
    await graphiql.show('Verify');
    await graphiql.pasteVariables({ erasureId });
    await graphiql.run();
    const succeeded = expect.objectContaining({ state: 'SUCCEEDED' });
    await expect
      .poll(() => graphiql.result())
      .toMatchObject({ data: { erasure: { state: 'COMPLETED', tasks: Array(5).fill(succeeded) } } });
  });

  it('still has its tabs and its token after a reload', async () => {
    await graphiql.reload();
    expect(await graphiql.tabs()).toEqual(expect.arrayContaining(TABS));
    await graphiql.show('Find');
    await graphiql.run();
    await expect.poll(() => graphiql.result()).toEqual({ data: { customerByEmail: null } });
  });

  it('starts anew with the next demo at the same address, and leaves alone what other pages there have stored', async () => {
    await page.evaluate(STORE_AS_ANOTHER_PAGE);
    expect(await demo.stop()).toBe(0);
    demo = await startDemo(Number(new URL(demo.graphiqlUrl).port));
    await graphiql.reload();
    expect(await graphiql.tabs()).toEqual(TABS);
    await graphiql.show('Plan');
    await graphiql.run();
    await expect.poll(() => graphiql.result()).toMatchObject({ data: { erasurePlan: { blockers: [] } } });
    expect(await page.evaluate(STORED_BY_ANOTHER_PAGE)).toBe('dark');
  });

  it('asked nothing of any other machine', () => {
    expect(sightings.outside).toEqual([]);
  });

  it('had no errors', () => {
    expect(sightings.errors).toEqual([]);
  });
});

describe('GraphiQL that is switched on without prepared tabs', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ graphiql: { tabs: [], tokens: [] } });
  });

  afterAll(async () => {
    await world?.close();
  });

  it('takes a token and a query, and leaves alone what other pages of its address have stored', async () => {
    const { page, sightings } = await openPage(browser);
    await page.addInitScript(STORE_AS_ANOTHER_PAGE);
    const graphiql = new Graphiql(page);
    await graphiql.open(world.gateway.url);
    await graphiql.pasteHeaders({ authorization: `Bearer ${await mintToken({ role: 'MASTER' })}` });
    await graphiql.typeQuery('{ viewer { role } }');
    await graphiql.run();
    await expect.poll(() => graphiql.result()).toEqual({ data: { viewer: { role: 'MASTER' } } });
    expect(await page.evaluate(STORED_BY_ANOTHER_PAGE)).toBe('dark');
    const isUnknown = (error: string): boolean => error.includes('401 (Unauthorized)');
    expect(sightings.errors.some(isUnknown)).toBe(true); // the page asks for the schema before it has a token
    expect(sightings.errors.filter((error) => !isUnknown(error))).toEqual([]);
    expect(sightings.outside).toEqual([]);
  });
});
