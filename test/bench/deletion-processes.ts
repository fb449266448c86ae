import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Reading } from './gauge.ts';

const TSX = resolve('node_modules/tsx/dist/loader.mjs');
const MAIN = resolve('dist/main.js');

/** A process that is measured or deleted from. It ends with this one. */
export interface Started<What> {
  child: ChildProcess;
  /** Where it listens. */
  at: What;
}

/** The five simulated vendors, which keep state: where each is. */
export async function startSandbox(customers: number): Promise<Started<Record<string, string>>> {
  const args = ['--import', TSX, resolve('test/bench/sandbox.ts'), String(customers)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [at] = (await once(child, 'message')) as [Record<string, string>];
  return { child, at };
}

/** A gateway as it is served, with a gauge; its profile is written to a folder when one is named. */
export async function startReplica(
  env: Record<string, string>,
  profile: string | undefined,
): Promise<Started<string>> {
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const gauge = ['--import', TSX, '--import', resolve('test/bench/gauge.ts')];
  const child = spawn(process.execPath, [...profiling, ...gauge, MAIN, 'serve'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const at = await new Promise<string>((listening, reject) => {
    let text = '';
    child.stdout!.setEncoding('utf8').on('data', (more: string) => {
      text = (text + more).slice(-10_000);
      const line = /"url":"([^"]+)"/.exec(text);
      if (line) listening(line[1]!);
    });
    child.once('exit', () => reject(new Error(`serve ended: ${text}`)));
  });
  return { child, at };
}

/** Asks a gateway's gauge. */
export async function read({ child }: Started<string>): Promise<Reading> {
  const answered = once(child, 'message');
  child.send({});
  return (await answered)[0] as Reading;
}

export async function stop({ child }: Started<unknown>): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
