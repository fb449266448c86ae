import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../support/postgres.ts';
import {
  GATEWAY_ON_POSTGRESQL,
  startCandidate,
  startServe,
  startUpstreams,
  type Candidate,
  type Upstreams,
} from './candidates.ts';
import { copyEveryone } from './copy-everyone.ts';
import { registerEveryone, tokensFile, writeFiles } from './gateway.ts';
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

/** What differs from one gateway on the first processor and its embedded store, with load and vendors on the second. */
export interface Setup {
  /** Folder for a profile of the gateway's processor time. */
  profile?: string | undefined;
  /** Whether a gateway on a PostgreSQL server of its own takes part. */
  onPostgresql?: boolean;
  /** A store that everyone is known to already, and by which ids. */
  store?: { databaseUrl: string; ids: readonly string[] };
  /** Where everything runs, in place of these two. */
  processor?: number;
}

/** Starts the vendors, makes their customers known to the gateway's store, and mints tokens. */
export async function setUp({ profile, onPostgresql, store, processor }: Setup = {}): Promise<TestBed> {
  const folder = mkdtempSync(join(tmpdir(), 'customer-gateway-bench-'));
  const upstreams = await startUpstreams(processor);
  const tokens = await writeFiles(folder, upstreams.urls);
  const data = { folder: join(folder, 'data') };
  const ids = store?.ids ?? (await registerEveryone(data));
  const server = onPostgresql ? await startPostgres() : undefined;
  if (server) await copyEveryone(data, { databaseUrl: server.url });
  writeFileSync(settingFile(folder), JSON.stringify({ urls: upstreams.urls, ids }));
  const served = {
    processor: processor ?? 0,
    env: store ? { DATABASE_URL: store.databaseUrl } : {},
    nodeOptions: profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`],
  };
  const starting = (name: string): Promise<Candidate> => {
    if (name === 'gateway') return startServe(folder, 0, served);
    if (name !== GATEWAY_ON_POSTGRESQL) return startCandidate(name, folder);
    return startServe(folder, 0, { ...served, name, env: { DATABASE_URL: server!.url } });
  };
  const started: Candidate[] = [];
  return {
    folder,
    upstreams,
    ids,
    tokens,
    async start(name) {
      started.push(await starting(name));
      return started.at(-1)!;
    },
    requests({ name, query, variables }) {
      const bodies = variables(ids).map((one) => JSON.stringify({ query, variables: one }));
      const file = join(folder, `${name}.bodies`);
      writeFileSync(file, `${bodies.join('\n')}\n`);
      return { bodies, token: tokens[0]!, files: { bodies: file, tokens: tokensFile(folder) } };
    },
    async close() {
      await Promise.all(started.map((one) => one.stop()));
      await upstreams.stop();
      await server?.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
