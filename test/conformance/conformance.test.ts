import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchSandbox, type Sandbox } from '../../src/commands/launch-sandbox.ts';
import { people } from '../../src/sandbox/people.ts';
import { Bench } from './bench.ts';
import type { Profile } from './profile.ts';
import { profiles } from './profiles/index.ts';
import { requirements } from './requirements/index.ts';

const POPULATION = 130;

function withVariants(profile: Profile): [name: string, profile: Profile][] {
  const variants = Object.entries(profile.variants ?? {});
  return [
    [profile.provider, profile],
    ...variants.map(([name, variant]): [string, Profile] => [
      `${profile.provider} ${name}`,
      { ...profile, ...variant },
    ]),
  ];
}

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await launchSandbox(0, people(POPULATION));
});

afterAll(() => sandbox.close());

/**
 * Every requirement on every provider, each by its adapter, over sockets, at its simulated vendor.
 *
 * An exception is a requirement that is run and not met: when the provider comes to meet it, the test turns red and
 * the exception has to go.
 *
 * To see the suite fail, let an adapter's `delete` return before it sends anything: the deletion, the statuses and the
 * lost connections turn red for that provider, and for no other.
 */
describe.each(profiles.flatMap(withVariants))('%s', (_name, profile) => {
  let bench: Bench;

  beforeEach(async () => {
    bench = new Bench(profile, sandbox);
    await bench.restart();
  });

  afterEach(() => bench.close());

  for (const { id, name, check } of requirements) {
    const reason = profile.exceptions[id];
    if (reason === undefined) test(`${id} ${name}`, () => check(bench));
    else
      test(`${id} ${name} (excepted: ${reason})`, async () => {
        await expect(check(bench)).rejects.toThrow();
      });
  }
});
