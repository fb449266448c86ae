import { setTimeout as sleep } from 'node:timers/promises';
import type { Sandbox } from '../../src/commands/launch-sandbox.ts';
import { connect, type IntegrationConfig } from '../../src/providers/index.ts';
import {
  ProviderError,
  type Account,
  type AccountKey,
  type Integration,
} from '../../src/providers/provider.ts';
import type { Fault } from '../../src/sandbox/fault.ts';
import type { LedgerEntry } from '../../src/sandbox/vendor.ts';
import { VendorControl } from '../support/vendors.ts';
import { outcomeOf, type Outcome } from './outcome.ts';
import type { Holding, Profile, Requests } from './profile.ts';

/** Far more than any answer on loopback takes. */
export const patiently = (): AbortSignal => AbortSignal.timeout(10_000);

const SETTLES_WITHIN_MS = 2_000;

/** One provider's adapter, connected to its simulated vendor, with what is needed to look at both. */
export class Bench {
  readonly profile: Profile;
  readonly vendor: VendorControl;
  readonly config: IntegrationConfig;
  /** The people of whom the vendor holds something, whom it would delete. The first is deleted, the others stay. */
  readonly holdings: readonly Holding[];
  readonly #opened: Integration[] = [];

  constructor(profile: Profile, sandbox: Sandbox) {
    const config = sandbox.integrations.find(({ provider }) => provider === profile.provider)!;
    const settings = { ...(config.settings as object), ...profile.settings };
    this.profile = profile;
    this.config = { ...config, settings };
    this.vendor = new VendorControl(sandbox.vendors[config.id as keyof Sandbox['vendors']].url);
    this.holdings = sandbox.people
      .filter(({ vpn }) => !vpn?.activeSubscription)
      .flatMap((person) => profile.holding(person) ?? []);
  }

  get subject(): Holding {
    return this.holdings[0]!;
  }

  get neighbour(): Holding {
    return this.holdings[1]!;
  }

  /** Connects anew, with some settings changed. */
  open(settings: object = {}): Integration {
    const integration = connect({
      ...this.config,
      network: 'ANY',
      settings: { ...(this.config.settings as object), ...settings },
    });
    this.#opened.push(integration);
    return integration;
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.splice(0).map((integration) => integration.close()));
  }

  /** The vendor as it was at the start. */
  async restart(): Promise<void> {
    await this.vendor.reset();
    await this.vendor.assume(this.profile.assumptions ?? {});
  }

  async find(key: AccountKey, integration = this.open(), signal = patiently()): Promise<readonly Account[]> {
    const [found] = await integration.find([key], signal);
    if (found instanceof ProviderError) throw found;
    if (!found) throw new Error('find gave no answer for the key');
    return found;
  }

  /** A connection that the vendor has accepted, and the account of a holding as found by it. */
  async ready(holding = this.subject): Promise<{ integration: Integration; account: Account }> {
    const integration = this.open();
    const [account] = await this.find(holding.keys[0]!, integration);
    if (!account) throw new Error('the account on the bench was not found');
    return { integration, account };
  }

  /** How an operation on the subject ends at a vendor that is disturbed in just that, from a fresh start. */
  async disturbed(operation: 'find' | 'delete', fault: Fault, deadlineMs = 10_000): Promise<Outcome> {
    await this.restart();
    const { integration, account } = await this.ready();
    await this.vendor.forget();
    await this.vendor.fault({ ...fault, ...this.profile.requests[operation] });
    const signal = AbortSignal.timeout(deadlineMs);
    const outcome = await outcomeOf<unknown>(
      operation === 'find'
        ? this.find(this.subject.keys[0]!, integration, signal)
        : integration.delete(account, signal),
    );
    await this.vendor.fault();
    await integration.close();
    return outcome;
  }

  /** External ids of the accounts that the vendor holds, sorted. */
  async held(): Promise<string[]> {
    return this.profile.held(await this.vendor.state()).toSorted();
  }

  /** What the vendor holds about customers, and nothing else. */
  async customers(): Promise<object> {
    const state = await this.vendor.state<Record<string, unknown>>();
    const dropped: readonly string[] = this.profile.notAboutCustomers;
    return Object.fromEntries(Object.entries(state).filter(([part]) => !dropped.includes(part)));
  }

  /** Waits until the vendor no longer holds an account. False when it still does after all. */
  async lets(externalId: string): Promise<boolean> {
    const until = performance.now() + SETTLES_WITHIN_MS;
    while ((await this.held()).includes(externalId)) {
      if (performance.now() > until) return false;
      await sleep(2);
    }
    return true;
  }

  /** Requests of one kind that arrived, in order. */
  async arrived(kind: Requests): Promise<LedgerEntry[]> {
    const ledger = await this.vendor.ledger();
    return ledger.filter(({ method, path }) => method === kind.method && path.startsWith(kind.path));
  }

  /** Where tokens come from. */
  get tokenRequests(): Requests {
    const { token } = this.profile.requests;
    if (!token) throw new Error('there is no token endpoint');
    return token;
  }
}
