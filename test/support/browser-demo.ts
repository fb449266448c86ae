import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(import.meta.dirname, '../..');

/** The demo as a newcomer has it running. */
export interface DemoProcess {
  /** Where it says that GraphiQL is. */
  graphiqlUrl: string;
  /** Ends it as Ctrl-C does, and returns its exit code. */
  stop(): Promise<number | null>;
}

export async function build(): Promise<void> {
  await promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd: ROOT });
}

/** Starts the built demo in a folder of its own, on any free port when `port` is 0. */
export async function startDemo(port = 0): Promise<DemoProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'customer-gateway-demo-'));
  const args = ['--enable-source-maps', join(ROOT, 'dist/main.js'), 'demo', '--port', String(port)];
  const demo = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(demo, 'exit') as Promise<[number | null]>;
  let output = '';
  const graphiqlUrl = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const url = /^GraphiQL +(\S+)\n/m.exec(output)?.[1];
      if (url) resolve(url);
    };
    demo.stdout.on('data', read);
    demo.stderr.on('data', read);
    demo.once('error', reject);
    demo.once('exit', () => reject(new Error(`The demo ended before it offered GraphiQL:\n${output}`)));
  });
  return {
    graphiqlUrl,
    async stop() {
      demo.kill('SIGINT');
      const [code] = await exited;
      await rm(folder, { recursive: true });
      return code;
    },
  };
}
