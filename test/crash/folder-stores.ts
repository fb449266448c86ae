import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fill, type Stores } from './stores.ts';

/** Stores for the embedded database, each a copy of one folder. */
export async function folderStores(): Promise<Stores> {
  const root = await mkdtemp(join(tmpdir(), 'customer-gateway-crash-'));
  const filled = join(root, 'filled');
  const customerId = await fill({ folder: filled });
  return {
    customerId,
    async spare() {
      const folder = await mkdtemp(join(root, 'spare-'));
      await cp(filled, folder, { recursive: true });
      return { location: { folder }, discard: () => rm(folder, { recursive: true }) };
    },
    close: () => rm(root, { recursive: true }),
  };
}
