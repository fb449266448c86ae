import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Another process uses the data folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function write(file: string): boolean {
  try {
    const descriptor = openSync(file, 'wx');
    writeSync(descriptor, String(process.pid));
    closeSync(descriptor);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Takes a folder for this process: PGlite does not notice a second process on the same files and loses its writes.
 * The lock of a process that is gone is taken over. Returns what gives the folder back.
 *
 * @throws {FolderInUseError}
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'gateway.lock');
  for (let tries = 0; !write(file); tries++) {
    const pid = Number(readFileSync(file, 'utf8'));
    if (tries === 3 || (pid !== process.pid && pid > 0 && isAlive(pid))) {
      throw new FolderInUseError(`the data folder ${folder} is in use by process ${pid}`);
    }
    rmSync(file, { force: true });
  }
  const unlock = (): void => rmSync(file, { force: true });
  process.once('exit', unlock);
  return () => {
    process.off('exit', unlock);
    unlock();
  };
}
