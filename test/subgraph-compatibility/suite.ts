import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const PACKAGE = 'node_modules/@apollo/federation-subgraph-compatibility-tests';

/** One of the suite's tests. */
export interface Assertion {
  /** What of federation it is about. */
  capability: string;
  name: string;
  passed: boolean;
  messages: string[];
}

interface JestReport {
  testResults: {
    assertionResults: {
      ancestorTitles: string[];
      title: string;
      status: string;
      failureMessages: string[];
    }[];
  }[];
}

/** Apollo's suite, in a temporary folder: it brings 488 packages, which are no business of the gateway's. */
export class Suite {
  readonly #folder = mkdtempSync(join(tmpdir(), 'subgraph-compatibility-'));
  readonly #subgraphs: ChildProcess[] = [];

  /** Installs what is pinned beside this file, without running what packages bring to be run. */
  async install(): Promise<void> {
    for (const file of ['package.json', 'package-lock.json'])
      copyFileSync(join(import.meta.dirname, file), join(this.#folder, file));
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: this.#folder });
  }

  /** A file of the suite. */
  read(path: string): string {
    return readFileSync(join(this.#folder, PACKAGE, path), 'utf8');
  }

  /** Starts one of the suite's own subgraphs, on the port that it insists on. */
  async startSubgraph(name: string): Promise<void> {
    const child = spawn(process.execPath, [join(this.#folder, PACKAGE, 'dist/subgraphs', name, 'index.js')]);
    this.#subgraphs.push(child);
    let written = '';
    await new Promise<void>((ready, reject) => {
      const read = (text: Buffer): void => {
        written += text.toString();
        if (written.includes('ready at')) ready();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('close', () => reject(new Error(`the subgraph ${name} ended: ${written}`)));
    });
  }

  /** Runs all of the suite's tests as they are published. */
  async test(productsUrl: string): Promise<Assertion[]> {
    const jest = join(this.#folder, 'node_modules/jest/bin/jest.js');
    const home = join(this.#folder, PACKAGE);
    const args = ['--ci', '--json', '--runInBand', '--cacheDirectory', join(this.#folder, 'cache')];
    // Ends with 1 when a test has failed, and has written the report none the less.
    const { stdout } = await run(
      process.execPath,
      [jest, join(home, 'dist/tests'), '--config', join(home, 'federation-jest.config.js'), ...args],
      { cwd: this.#folder, env: { ...process.env, PRODUCTS_URL: productsUrl } },
    ).catch((error: { stdout: string }) => error);
    const { testResults } = JSON.parse(stdout) as JestReport;
    return testResults.flatMap(({ assertionResults }) =>
      assertionResults.map(({ ancestorTitles: [capability], title, status, failureMessages }) => ({
        capability: capability ?? title,
        name: title,
        passed: status === 'passed',
        messages: failureMessages,
      })),
    );
  }

  /** Ends its subgraphs and leaves nothing behind. */
  remove(): void {
    for (const child of this.#subgraphs) child.kill();
    rmSync(this.#folder, { recursive: true });
  }
}
