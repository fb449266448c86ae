import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { environment } from './gateway.ts';
import { PEERS } from './peers.ts';
import type { Ask, Calls } from './upstreams.ts';

/** A server that is measured, in a process of its own on the first processor. */
export interface Candidate {
  name: string;
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** The gateway on a PostgreSQL server, which has whatever the others leave of the processors. */
export const GATEWAY_ON_POSTGRESQL = 'gateway-postgresql';

/** Everyone who is measured; all others are held against the first. */
export const CANDIDATES: readonly string[] = ['raw', 'gateway', GATEWAY_ON_POSTGRESQL, ...PEERS];

const TSX = resolve('node_modules/tsx/dist/loader.mjs');

async function stop(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

function forked(file: string, processor: number, env: Record<string, string>): ChildProcess {
  const args = ['-c', String(processor), process.execPath, '--import', TSX, resolve('test/bench', file)];
  return spawn('taskset', args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

/** What a process says first; it fails where the process ends without a word. */
async function firstWord(child: ChildProcess, file: string): Promise<unknown> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${file} ended with ${code}`);
  });
  return ((await Promise.race([once(child, 'message'), ended])) as [unknown])[0];
}

/** Starts a candidate of this folder: `raw`, or a peer. */
export async function startCandidate(name: string, folder: string): Promise<Candidate> {
  const file = name === 'raw' ? 'raw.ts' : `peers/${name}.ts`;
  const child = forked(file, 0, { BENCH_FOLDER: folder, NODE_ENV: 'production' });
  const { url } = (await firstWord(child, file)) as { url: string };
  return { name, url, pid: child.pid!, stop: () => stop(child, 'SIGKILL') };
}

/** Reads the log until it says where the gateway listens; the rest of it is let go. */
async function listeningAt(log: Readable): Promise<string> {
  const lines: string[] = [];
  for await (const line of createInterface(log)) {
    lines.push(line);
    const url = /"url":"([^"]+)"/.exec(line)?.[1];
    if (url === undefined) continue;
    log.resume();
    return url;
  }
  throw new Error(`serve ended: ${lines.join('\n')}`);
}

/** What a start of the gateway differs in from the one that all others are measured with. */
export interface ServeOptions {
  name?: string;
  processor?: number;
  /** Takes the place of what is equal in the environment. */
  env?: Record<string, string>;
  /** For Node, such as `--cpu-prof`. */
  nodeOptions?: readonly string[];
}

/** Starts the gateway as it is started in production: the built command, and its environment. */
export async function startServe(folder: string, port = 0, options: ServeOptions = {}): Promise<Candidate> {
  const { name = 'gateway', processor = 0, env = {}, nodeOptions = [] } = options;
  const command = [process.execPath, ...nodeOptions, resolve('dist/main.js'), 'serve'];
  const child = spawn('taskset', ['-c', String(processor), ...command], {
    env: { ...environment(folder, port), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await listeningAt(child.stdout);
  return { name, url, pid: child.pid!, stop: () => stop(child, 'SIGTERM') };
}

/** The simulated vendors, in a process of their own: on the second processor, unless said otherwise. */
export interface Upstreams {
  urls: Record<string, string>;
  ask(what: Ask): Promise<Calls>;
  stop(): Promise<void>;
}

export async function startUpstreams(processor = 1): Promise<Upstreams> {
  const child = forked('upstreams.ts', processor, {});
  const urls = (await firstWord(child, 'upstreams.ts')) as Record<string, string>;
  return {
    urls,
    async ask(what) {
      const answered = once(child, 'message');
      child.send(what);
      return (await answered)[0] as Calls;
    },
    stop: () => stop(child, 'SIGKILL'),
  };
}
