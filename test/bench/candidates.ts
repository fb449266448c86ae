import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { environment } from './gateway.ts';
import type { Ask, Calls } from './upstreams.ts';

/** A server that is measured, in a process of its own on the first processor. */
export interface Candidate {
  name: string;
  url: string;
  pid: number;
  stop(): Promise<void>;
}

const TSX = resolve('node_modules/tsx/dist/loader.mjs');

async function stop(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

function forked(file: string, processor: number, env: Record<string, string>): ChildProcess {
  const args = ['-c', String(processor), process.execPath, '--import', TSX, resolve('test/bench', file)];
  return spawn('taskset', args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

/** Starts a candidate of this folder. */
export async function startCandidate(name: string, folder: string): Promise<Candidate> {
  const child = forked(`${name}.ts`, 0, { BENCH_FOLDER: folder, NODE_ENV: 'production' });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return { name, url, pid: child.pid!, stop: () => stop(child) };
}

/** Starts the gateway as it is started in production: the built command, and its environment. */
export async function startServe(folder: string, port: number): Promise<Candidate> {
  const args = [
    '-c',
    '0',
    process.execPath,
    ...(process.env['BENCH_PROF'] ? ['--cpu-prof', '--cpu-prof-dir=/tmp/prof'] : []),
    resolve('dist/main.js'),
    'serve',
  ];
  const child = spawn('taskset', args, {
    env: environment(folder, port),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((listening, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (more: string) => {
      text += more;
      const line = /"url":"([^"]+)"/.exec(text);
      if (line) listening(line[1]!);
    });
    child.once('exit', () => reject(new Error(`serve ended: ${text}`)));
  });
  return { name: 'gateway', url, pid: child.pid!, stop: () => stop(child) };
}

/** The simulated vendors, in a process on the second processor. */
export interface Upstreams {
  urls: Record<string, string>;
  ask(what: Ask): Promise<Calls>;
  stop(): Promise<void>;
}

export async function startUpstreams(): Promise<Upstreams> {
  const child = forked('upstreams.ts', 1, {});
  const [urls] = (await once(child, 'message')) as [Record<string, string>];
  return {
    urls,
    async ask(what) {
      const answered = once(child, 'message');
      child.send(what);
      return (await answered)[0] as Calls;
    },
    stop: () => stop(child),
  };
}
