import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const FOLDER = resolve('test/bench/peers');

/** The servers that the gateway is compared with: the names of their files. */
export const PEERS = ['apollo', 'mercurius', 'hive'] as const;

/** The packages that a lock file names, but for the project itself. npm writes such a file of what it has installed. */
function packagesOf(file: string): string {
  const { packages } = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, object> };
  return JSON.stringify(Object.entries(packages).filter(([path]) => path !== ''));
}

function isInstalled(): boolean {
  const installed = join(FOLDER, 'node_modules/.package-lock.json');
  return existsSync(installed) && packagesOf(installed) === packagesOf(join(FOLDER, 'package-lock.json'));
}

/** Installs the peers as they are pinned, unless they are, without running what packages bring to be run. */
export async function installPeers(): Promise<void> {
  if (isInstalled()) return;
  console.log('Installing the peers.');
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  await promisify(execFile)('npm', args, { cwd: FOLDER });
}
