import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { ORDER_VARIABLE, writeOrder, type Order } from './order.ts';

const PROGRAM = fileURLToPath(new URL('./gateway.ts', import.meta.url));
const DEATH_DEADLINE_MS = 30_000;

/** A gateway that runs in a process of its own. */
export interface GatewayProcess {
  /** Where it answers; null when it died before it did. */
  url: string | null;
  /** Resident memory in bytes, as Linux tells it. */
  memory(): number;
  /** What it wrote to its error log so far. */
  errors(): string;
  kill(): void;
  /** Resolves when the process has died by SIGKILL, and fails when it does not. */
  killed(): Promise<void>;
}

function residentMemory(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}

/** Starts a gateway, and waits until it answers or is dead. It ends with this process. */
export async function startGatewayProcess(order: Order): Promise<GatewayProcess> {
  const child = spawn(process.execPath, ['--no-warnings', '--import', 'tsx', PROGRAM], {
    env: { ...process.env, [ORDER_VARIABLE]: writeOrder(order) },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  let closed = false;
  child.once('close', () => (closed = true));

  const lines = createInterface(child.stdout);
  const line = await new Promise<string | null>((resolve) => {
    lines.once('line', resolve).once('close', () => resolve(null));
  });
  const url = line === null ? null : (JSON.parse(line) as { url: string }).url;
  return {
    url,
    memory: () => residentMemory(child.pid!),
    errors: () => errors,
    kill: () => void child.kill('SIGKILL'),
    async killed() {
      await vi.waitUntil(() => closed, { timeout: DEATH_DEADLINE_MS });
      if (child.signalCode !== 'SIGKILL') throw new Error(`the gateway ended by itself: ${errors}`);
    },
  };
}
