import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

const ACTION_TIMEOUT_MS = 20_000;

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** No name resolves, so that a page which needs the network cannot come up by luck. */
const OFFLINE = '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1';

/** What a page did that a reader of the page does not see. */
export interface Sightings {
  /** Addresses asked for that are not on this machine. */
  outside: string[];
  errors: string[];
}

export async function launchChromium(): Promise<Browser> {
  if (!existsSync(CHROMIUM))
    throw new Error(`Chromium is missing at ${CHROMIUM}. On Debian: apt-get install chromium`);
  return chromium.launch({ executablePath: CHROMIUM, args: [...QUIET, OFFLINE] });
}

const isOutside = (address: string): boolean => {
  const { protocol, hostname } = new URL(address.replace(/^blob:/, ''));
  return protocol !== 'data:' && hostname !== '127.0.0.1';
};

/** An empty page of a browser that knows nothing yet, and what it does from now on. */
export async function openPage(browser: Browser): Promise<{ page: Page; sightings: Sightings }> {
  const context = await browser.newContext({
    viewport: { width: 1400, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(ACTION_TIMEOUT_MS);
  const sightings: Sightings = { outside: [], errors: [] };
  const noteAddress = (address: string): void => void (isOutside(address) && sightings.outside.push(address));
  context.on('request', (request) => noteAddress(request.url()));
  context.on(
    'console',
    (message) => void (message.type() === 'error' && sightings.errors.push(message.text())),
  );
  context.on('weberror', (error) => void sightings.errors.push(String(error.error())));
  const page = await context.newPage();
  page.on('websocket', (socket) => noteAddress(socket.url()));
  return { page, sightings };
}
