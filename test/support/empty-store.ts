import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** File with a fresh embedded database, which opens faster than one is made. */
    emptyStore: string;
  }
}

/** Makes one empty database for all suites. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'customer-gateway-test-'));
  const db = await PGlite.create();
  const dump = await db.dumpDataDir('none');
  await db.close();
  const file = join(folder, 'empty-store.tar');
  await writeFile(file, Buffer.from(await dump.arrayBuffer()));
  project.provide('emptyStore', file);
  return () => rm(folder, { recursive: true });
}
