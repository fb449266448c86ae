import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { VendorControl } from './vendors.ts';

const PROGRAM = fileURLToPath(new URL('./vendor.ts', import.meta.url));

/** Which vendor is simulated, and for how many people. */
export interface VendorOrder {
  name: 'onelogin' | 'particle' | 'vpn';
  count: number;
  /** Every so many-th person has the e-mail address of the one before. */
  twinsEvery?: number;
}

export interface VendorProcess {
  url: string;
  control: VendorControl;
  stop(): void;
}

/** Starts a vendor in a process of its own. It ends with this process. */
export async function startVendorProcess(order: VendorOrder): Promise<VendorProcess> {
  const child = spawn(
    process.execPath,
    ['--no-warnings', '--import', 'tsx', PROGRAM, JSON.stringify(order)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const url = await new Promise<string>((resolve) => createInterface(child.stdout).once('line', resolve));
  return { url, control: new VendorControl(url), stop: () => void child.kill() };
}
