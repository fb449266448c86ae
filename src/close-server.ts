import type { Server } from 'node:http';

/** How long answers may take that had begun. */
const GRACE_MS = 2_000;
const LOOK_EVERY_MS = 20;

/**
 * Takes no more connections, ends what holds them open, and waits until none is left: what is being answered is answered,
 * within reason.
 */
export async function closeServer(server: Server, open: readonly { close(): void }[]): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  for (const one of open) one.close();
  const idle = setInterval(() => server.closeIdleConnections(), LOOK_EVERY_MS);
  const late = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}
