import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { VendorControl } from '../support/vendors.ts';

const PROGRAM = fileURLToPath(new URL('./vendor.ts', import.meta.url));

export interface VendorProcess {
  url: string;
  control: VendorControl;
  stop(): void;
}

/** Starts the VPN vendor with a population of so many in a process of its own. It ends with this process. */
export async function startVendorProcess(population: number): Promise<VendorProcess> {
  const child = spawn(process.execPath, ['--no-warnings', '--import', 'tsx', PROGRAM, String(population)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve) => createInterface(child.stdout).once('line', resolve));
  return { url, control: new VendorControl(url), stop: () => void child.kill() };
}
