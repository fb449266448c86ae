import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Administrator's URL of a PostgreSQL server that lives as long as the tests. */
    postgresUrl: string;
  }
}

/** Debian's; PostgreSQL's programs are not on the path there. */
const INSTALLATIONS = '/usr/lib/postgresql';
const READY = 'database system is ready to accept connections';
const SETTINGS = ['max_connections=300', 'listen_addresses=127.0.0.1'];
/** Nothing that a test writes has to outlive the machine, only the gateway. */
const FORGETFUL = ['fsync=off', 'full_page_writes=off'];

/** A PostgreSQL server that this process has started. */
export interface PostgresServer {
  /** Administrator's. */
  url: string;
  /** Ends it, and removes what it has written. */
  stop(): Promise<void>;
}

function programs(): string {
  const versions = existsSync(INSTALLATIONS) ? readdirSync(INSTALLATIONS) : [];
  const [newest] = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((name) => join(INSTALLATIONS, name, 'bin'));
  if (newest && existsSync(join(newest, 'initdb'))) return newest;
  throw new Error(
    `PostgreSQL is not installed: there is no ${INSTALLATIONS}/*/bin/initdb (apt install postgresql)`,
  );
}

/** PostgreSQL refuses to run as root, so root runs it as the user that its package makes. */
function owner(): { uid: number; gid: number } | Record<string, never> {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilReady(server: ChildProcess): Promise<void> {
  const log: string[] = [];
  for await (const line of createInterface(server.stderr!)) {
    if (line.includes(READY)) return;
    log.push(line);
  }
  throw new Error(`PostgreSQL did not start:\n${log.join('\n')}`);
}

/** Starts a PostgreSQL server with an empty cluster. */
export async function startPostgres(more: readonly string[] = FORGETFUL): Promise<PostgresServer> {
  const bin = programs();
  const user = owner();
  const folder = mkdtempSync(join(tmpdir(), 'customer-gateway-postgres-'));
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const run = { ...user, cwd: folder };
  const cluster = ['--auth=trust', '--username=postgres', '--encoding=UTF8', '--locale=C', '--no-sync'];
  execFileSync(join(bin, 'initdb'), ['-D', 'data', ...cluster], { ...run, stdio: 'pipe' });

  const port = await freePort();
  const settings = [...SETTINGS, ...more, `port=${port}`, `unix_socket_directories=${folder}`];
  const server = spawn(join(bin, 'postgres'), ['-D', 'data', ...settings.flatMap((one) => ['-c', one])], {
    ...run,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((resolve) => server.once('close', resolve));
  await untilReady(server);
  server.stderr.resume();
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      server.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

/** One server for all suites. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, stop } = await startPostgres();
  project.provide('postgresUrl', url);
  return stop;
}
