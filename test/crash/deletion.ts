import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { vi } from 'vitest';
import { launchSandbox, type Sandbox, type VendorName } from '../../src/commands/launch-sandbox.ts';
import type { Person } from '../../src/sandbox/people.ts';
import { Api } from '../support/api.ts';
import { PROGRESS } from '../support/documents.ts';
import { requestErasure } from '../support/erasures.ts';
import { mintToken, tokenSettings } from '../support/tokens.ts';
import { controlsOf, type VendorControls } from '../support/vendors.ts';
import { startGatewayProcess, type GatewayProcess } from './gateway-process.ts';
import { holdingsOf, type Holdings } from './holdings.ts';
import type { Crash } from './order.ts';
import { ownPaths } from './own-paths.ts';
import { POPULATION, type SpareStore, type Stores } from './stores.ts';

/**
 * How a process of the gateway dies: at a checkpoint, after an event, so long after it first answered, or in the middle
 * of a vendor's delete, where another process may already run beside it.
 */
export type Death =
  Crash | { afterEvent: number } | { afterMs: number } | { during: VendorName; beside?: true };

const MOMENT_DEADLINE_MS = 30_000;

/**
 * The deletion of customer 1 while the gateway is killed. The vendors and the client live on: the client asks for the
 * erasure under one idempotency key in each process, and goes on to follow it after the last event that it heard.
 */
export class Deletion {
  readonly person: Person = POPULATION[0]!;
  readonly customerId: string;
  readonly vendors: VendorControls;
  /** What the vendors held of everybody else before. */
  readonly othersBefore: Holdings;
  kills = 0;
  /** The erasure, once a process has answered which it is. */
  erasureId: string | null = null;
  /** Sequence numbers of the events that the client heard. */
  heard: number[] = [];
  readonly #sandbox: Sandbox;
  readonly #store: SpareStore;
  readonly #token: string;
  readonly #idempotencyKey = randomUUID();
  readonly #processes: GatewayProcess[] = [];
  /** Already ran when the process before it died. */
  #heir: GatewayProcess | null = null;

  private constructor(
    customerId: string,
    sandbox: Sandbox,
    before: Holdings,
    store: SpareStore,
    token: string,
  ) {
    this.customerId = customerId;
    this.vendors = controlsOf(sandbox);
    this.othersBefore = before;
    this.#sandbox = sandbox;
    this.#store = store;
    this.#token = token;
  }

  /** A deletion that is not asked for yet, in a world of its own. */
  static async prepare(stores: Stores): Promise<Deletion> {
    const sandbox = await launchSandbox(0, POPULATION);
    const vendors = controlsOf(sandbox);
    await vendors.engagelab.assume({ deleteDelayMs: 0 });
    const { others } = await holdingsOf(vendors, POPULATION[0]!);
    const token = await mintToken({ role: 'ADMIN' });
    return new Deletion(stores.customerId(1), sandbox, others, await stores.spare(), token);
  }

  /** What the gateways wrote to their error logs. */
  get complaints(): string {
    return this.#processes.map((process) => process.errors()).join('');
  }

  /** Lets a vendor's next deletes of the account be answered as if they had been done. */
  async lie(vendor: VendorName, times: number): Promise<void> {
    const [path] = ownPaths(this.person)[vendor];
    await this.vendors[vendor].fault({ kind: 'LIE', method: 'DELETE', path, times });
  }

  /** Makes every vendor think before it answers, so that a moment chosen at random is in the middle of something. */
  async slowDown(ms: number): Promise<void> {
    for (const vendor of Object.values(this.vendors)) await vendor.fault({ kind: 'LATENCY', ms });
  }

  /** Goes on in a process that dies. */
  async die(death: Death): Promise<void> {
    if ('at' in death) await this.#dieAt(death);
    else if ('afterMs' in death) await this.#dieAfter(death.afterMs);
    else if ('afterEvent' in death) await this.#dieOnce(() => this.heard.length >= death.afterEvent);
    else await this.#dieDuring(death.during, death.beside ?? false);
    this.kills++;
  }

  /** Goes on in a process that lives, until the erasure has ended. Returns a caller of that process. */
  async survive(): Promise<Api> {
    const process = this.#heir ?? (await this.#start(null));
    if (process.url === null) throw new Error(`the gateway did not start: ${process.errors()}`);
    return this.#use(process.url);
  }

  async end(): Promise<void> {
    for (const process of this.#processes) process.kill();
    await Promise.all(this.#processes.map((process) => process.killed()));
    await this.#sandbox.close();
    await this.#store.discard();
  }

  async #start(crash: Crash | null): Promise<GatewayProcess> {
    const { integrations } = this.#sandbox;
    const { location: store } = this.#store;
    const process = await startGatewayProcess({ store, tokens: tokenSettings, integrations, crash });
    this.#processes.push(process);
    return process;
  }

  async #use(url: string): Promise<Api> {
    const api = new Api(url, this.#token);
    const id = await requestErasure(api, this.customerId, { idempotencyKey: this.#idempotencyKey });
    if (this.erasureId !== null && id !== this.erasureId) {
      throw new Error('the repeated request answered another erasure');
    }
    this.erasureId = id;
    const before = this.heard;
    await api.watch(PROGRESS, { id, after: before.at(-1) ?? 0 }, (results) => {
      this.heard = [...before, ...results.map(({ data }) => data.erasureProgress.sequence)];
      return false;
    });
    return api;
  }

  /** Returns what became of the client: its connection breaks when the process dies. */
  async #useWhileItLives({ url }: GatewayProcess): Promise<unknown> {
    if (url === null) return 'it never answered';
    return this.#use(url).then(
      () => 'the erasure ended',
      (error: unknown) => error,
    );
  }

  async #dieAt(crash: Crash): Promise<void> {
    const process = await this.#start(crash);
    const trouble = await this.#useWhileItLives(process);
    await process.killed().catch((cause: unknown) => {
      throw new Error(`the gateway did not die at ${crash.at}: ${String(trouble)}`, { cause });
    });
  }

  async #dieAfter(ms: number): Promise<void> {
    const process = await this.#start(null);
    const use = this.#useWhileItLives(process);
    await setTimeout(ms);
    process.kill();
    await process.killed();
    await use;
  }

  async #dieDuring(name: VendorName, beside: boolean): Promise<void> {
    const vendor = this.vendors[name];
    const [path] = ownPaths(this.person)[name];
    await vendor.fault({ kind: 'HANG_AFTER', method: 'DELETE', path, times: 1 });
    await this.#dieOnce(async () => (await vendor.deletes()).includes(path), beside);
  }

  async #dieOnce(happened: () => Promise<boolean> | boolean, beside = false): Promise<void> {
    const process = await this.#start(null);
    const use = this.#useWhileItLives(process);
    await vi.waitUntil(happened, { timeout: MOMENT_DEADLINE_MS, interval: 1 });
    if (beside) this.#heir = await this.#start(null);
    process.kill();
    await process.killed();
    await use;
  }
}
