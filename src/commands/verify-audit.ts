import { readFileSync } from 'node:fs';
import type { JSONWebKeySet } from 'jose';
import type { FaultKind } from '../audit/verify/fault.ts';
import { readCheckpoint } from '../audit/verify/checkpoint.ts';
import { verifyLog } from '../audit/verify/verify.ts';
import { readAuditConfig } from '../config.ts';
import { readSigner } from '../signing/signing-key.ts';
import { NotGenuineError } from '../signing/verify-signed.ts';
import { openStore } from '../store/store.ts';
import { readKeySet } from './key-set.ts';
import { UsageError } from './usage-error.ts';

const MAX_LINES = 100;

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** The keys of a file, or those that the gateway's own are verified with. */
async function keysOf(file: string | undefined, signingKeys: string | null): Promise<JSONWebKeySet> {
  if (file !== undefined) return readKeySet(read(file), file);
  if (signingKeys === null) throw new UsageError('Give --keys, or set SIGNING_KEY_FILE.');
  return (await readSigner(signingKeys)).publicKeys;
}

/** Verifies the audit log against a checkpoint that was kept outside. Exit code 1 when something is wrong. */
export async function verifyAudit(file: string, keysFile: string | undefined): Promise<number> {
  const { store: location, signingKeys, origin } = readAuditConfig();
  const keys = await keysOf(keysFile, signingKeys);
  const checkpoint = await readCheckpoint(read(file), keys, origin).catch((error: unknown) => {
    if (!(error instanceof NotGenuineError)) throw error;
    throw new Error(`The checkpoint is not genuine: ${error.message}`, { cause: error });
  });
  const store = await openStore(location);
  let faults = 0;
  const report = (kind: FaultKind, message: string): void => {
    if (++faults <= MAX_LINES) console.log(`${kind} ${message}`);
  };
  const { size, waiting } = await verifyLog(store, checkpoint, report).finally(() => store.close());
  if (faults > MAX_LINES) console.log(`… and ${faults - MAX_LINES} more`);
  if (faults > 0) return 1;
  const later = `${size - checkpoint.size} came later, ${waiting} wait for their place`;
  console.log(`All ${checkpoint.size} entries are as the checkpoint of ${checkpoint.at} says; ${later}.`);
  return 0;
}
