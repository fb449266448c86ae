import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCandidate, startServe, startUpstreams, type Candidate, type Upstreams } from './candidates.ts';
import { prepare } from './gateway.ts';
import { settingFile } from './place.ts';
import type { Workload } from './workloads.ts';

/** Requests of a workload: their bodies, and the files that the load is read from. */
export interface Requests {
  bodies: readonly string[];
  token: string;
  files: { bodies: string; tokens: string };
}

/** The vendors, and a folder with all that candidates read, until it is closed. */
export interface TestBed {
  folder: string;
  upstreams: Upstreams;
  ids: readonly string[];
  tokens: readonly string[];
  /** Starts a candidate, which is stopped at the end. */
  start(name: string): Promise<Candidate>;
  requests(workload: Workload): Requests;
  close(): Promise<void>;
}

/** Starts the vendors, makes their customers known to the gateway's store, and mints tokens. */
export async function setUp(profile?: string): Promise<TestBed> {
  const folder = mkdtempSync(join(tmpdir(), 'customer-gateway-bench-'));
  const upstreams = await startUpstreams();
  const { setting, tokens } = await prepare(folder, upstreams.urls);
  writeFileSync(settingFile(folder), JSON.stringify(setting));
  const tokensFile = join(folder, 'tokens');
  writeFileSync(tokensFile, `${tokens.join('\n')}\n`);
  const nodeOptions = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const started: Candidate[] = [];
  return {
    folder,
    upstreams,
    ids: setting.ids,
    tokens,
    async start(name) {
      const candidate =
        name === 'gateway'
          ? await startServe(folder, 0, { nodeOptions })
          : await startCandidate(name, folder);
      started.push(candidate);
      return candidate;
    },
    requests({ name, query, variables }) {
      const bodies = variables(setting.ids).map((one) => JSON.stringify({ query, variables: one }));
      const file = join(folder, `${name}.bodies`);
      writeFileSync(file, `${bodies.join('\n')}\n`);
      return { bodies, token: tokens[0]!, files: { bodies: file, tokens: tokensFile } };
    },
    async close() {
      await Promise.all(started.map((one) => one.stop()));
      await upstreams.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
