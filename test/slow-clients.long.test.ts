import { execFile } from 'node:child_process';
import { promisify, stripVTControlCharacters } from 'node:util';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from './support/world.ts';

const run = promisify(execFile);

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world.close());

/** 500 connections, 250 more each second, for half a minute at most; a probe counts the service lost after 3 seconds. */
const OPTIONS = ['-c', '500', '-r', '250', '-l', '30', '-i', '1', '-p', '3'];

/** Debian's slowhttptest against the gateway, with what its name for each of these attacks is. */
test.each([
  ['slow headers (slowloris)', ['-H', '-t', 'POST'], '/graphql'],
  ['a slow body (R.U.D.Y.)', ['-B', '-t', 'POST', '-f', 'application/json', '-s', '8192'], '/graphql'],
  ['slow reading', ['-X', '-w', '1', '-y', '1', '-n', '5', '-z', '1', '-k', '3'], '/.well-known/jwks.json'],
])(
  '%s: every connection is closed within 15 seconds, and others are served',
  async (_name, options, path) => {
    const url = new URL(path, world.gateway.url).href;
    const since = Date.now();
    let slowest = 0;
    let served = 0;
    const attacking = new AbortController();
    const attack = run('slowhttptest', [...OPTIONS, ...options, '-u', url]).finally(() => attacking.abort());
    while (!attacking.signal.aborted) {
      const sent = Date.now();
      expect((await world.admin.send('{ viewer { role } }')).status).toBe(200);
      slowest = Math.max(slowest, Date.now() - sent);
      served++;
      await setTimeout(100);
    }
    const report = stripVTControlCharacters((await attack).stdout);
    const seconds = (Date.now() - since) / 1000;
    console.log(JSON.stringify({ options: options[0], seconds, served, slowestMs: slowest }));
    expect(report).toMatch(/Exit status: No open connections left/);
    expect(report).not.toMatch(/service available: +NO/);
    expect(seconds).toBeLessThan(20); // the last connections are opened after two seconds
    expect(slowest).toBeLessThan(2_000);
  },
  60_000,
);
