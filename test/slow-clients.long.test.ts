import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
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

/** What the test's own connections may come to. */
const PROBES = 5;

/** Connections that a port of this machine holds open: proc(5), `/proc/net/tcp`, state 01. */
function connectionsTo(port: string): number {
  const local = Number(port).toString(16).toUpperCase().padStart(4, '0');
  const open = new RegExp(`^ *\\d+: [0-9A-F]+:${local} [0-9A-F:]+ 01 `, 'gm');
  return readFileSync('/proc/net/tcp', 'utf8').match(open)?.length ?? 0;
}

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
    const url = new URL(path, world.gateway.url);
    const since = Date.now();
    let slowest = 0;
    let lastOpen = since;
    let served = 0;
    const attacking = new AbortController();
    const attack = run('slowhttptest', [...OPTIONS, ...options, '-u', url.href]).finally(() =>
      attacking.abort(),
    );
    while (!attacking.signal.aborted) {
      const sent = Date.now();
      expect((await world.admin.send('{ viewer { role } }')).status).toBe(200);
      slowest = Math.max(slowest, Date.now() - sent);
      served++;
      if (connectionsTo(url.port) > PROBES) lastOpen = Date.now();
      await setTimeout(100);
    }
    const report = stripVTControlCharacters((await attack).stdout);
    const seconds = (lastOpen - since) / 1000;
    console.log(JSON.stringify({ options: options[0], seconds, served, slowestMs: slowest }));
    expect(report).not.toMatch(/service available: +NO/);
    expect(seconds).toBeLessThan(20); // the last connections are opened after two seconds
    expect(slowest).toBeLessThan(2_000);
  },
  60_000,
);
