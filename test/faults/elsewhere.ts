import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fault } from '../../src/sandbox/fault.ts';

/** Stands in a fault's headers for the address of another host. */
export const ELSEWHERE = 'http://elsewhere.example';

/** Another host, which must never be called. */
export interface Elsewhere {
  calls: string[];
  /** The faults with its address put in place. */
  within(faults: readonly Fault[]): Fault[];
  close(): void;
}

export async function startElsewhere(): Promise<Elsewhere> {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url}`);
    response.end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    calls,
    within: (faults) => JSON.parse(JSON.stringify(faults).replaceAll(ELSEWHERE, url)) as Fault[],
    close: () => server.close(),
  };
}
