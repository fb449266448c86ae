import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/store/store.ts';
import { playMany } from './model/play.ts';

const RUNS = 1_000;
const TIMEOUT_MS = 60 * 60_000;

test('an erasure keeps its promises in many more interleavings', { timeout: TIMEOUT_MS }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'customer-gateway-model-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const store = await openStore({ folder });
  onTestFinished(() => store.close());
  const changes = await playMany(store, RUNS);
  for (const end of ['COMPLETED', 'COMPLETED_WITH_EXCEPTIONS', 'PARTIAL', 'FAILED', 'CANCELED'])
    expect(changes).toContain(`erasure RUNNING → ${end}`);
});
