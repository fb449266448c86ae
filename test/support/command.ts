import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const MAIN = resolve('src/main.ts');
const TSX = resolve('node_modules/tsx/dist/loader.mjs');

/** A command line that has ended. */
export interface Ended {
  code: number;
  out: string;
  err: string;
}

/** Where a command runs, all of its environment, and what it reads from standard input. */
export interface Place {
  folder: string;
  env?: Record<string, string>;
  input?: string;
}

const processOf = (args: readonly string[]): string[] => ['--import', TSX, MAIN, ...args];

const optionsOf = ({ folder, env }: Place) => ({ cwd: folder, env: { PATH: process.env['PATH']!, ...env } });

/** Runs the command line to its end. */
export function runCommand(args: readonly string[], place: Place): Promise<Ended> {
  const options = { ...optionsOf(place), timeout: 60_000 };
  return new Promise((done) => {
    const child = execFile(process.execPath, processOf(args), options, (error, out, err) => {
      done({ code: error ? Number(error.code) : 0, out, err });
    });
    child.stdin!.end(place.input ?? '');
  });
}

/** A gateway that `serve` runs in a process of its own. */
export interface Served {
  url: string;
  /** Ends it as Ctrl-C does. Returns everything that it wrote. */
  stop(): Promise<Ended>;
}

/** Runs `serve` until it listens. */
export async function serveCommand(place: Place): Promise<Served> {
  const child = spawn(process.execPath, processOf(['serve']), optionsOf(place));
  const exited = once(child, 'close') as Promise<[number]>;
  const written = { out: '', err: '' };
  child.stderr.setEncoding('utf8').on('data', (text: string) => (written.err += text));
  const url = await new Promise<string>((listening, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      written.out += text;
      const line = /"url":"([^"]+)"/.exec(written.out);
      if (line) listening(line[1]!);
    });
    child.once('close', () => reject(new Error(`serve ended: ${written.out}${written.err}`)));
  });
  return {
    url,
    async stop() {
      child.kill('SIGINT');
      const [code] = await exited;
      return { code, ...written };
    },
  };
}
