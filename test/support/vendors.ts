import type { VendorName, Sandbox } from '../../src/commands/launch-sandbox.ts';
import type { Fault } from '../../src/sandbox/fault.ts';
import type { Assumptions, LedgerEntry } from '../../src/sandbox/vendor.ts';

/** Drives one simulated vendor over HTTP, as an integrator would. */
export class VendorControl {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async ledger(): Promise<LedgerEntry[]> {
    return (await (await this.#call('GET', 'ledger')).json()) as LedgerEntry[];
  }

  /** Requests that did more than ask for a token. */
  async calls(): Promise<LedgerEntry[]> {
    return (await this.ledger()).filter(({ path }) => !path.includes('oauth'));
  }

  /** Paths of the deletes that arrived. */
  async deletes(): Promise<string[]> {
    return (await this.ledger()).filter(({ method }) => method === 'DELETE').map(({ path }) => path);
  }

  async forget(): Promise<void> {
    await this.#call('DELETE', 'ledger');
  }

  async state<State>(): Promise<State> {
    return (await (await this.#call('GET', 'state')).json()) as State;
  }

  /** Replaces what the vendor holds. */
  async hold(state: object): Promise<void> {
    await this.#call('PUT', 'state', state);
  }

  async fault(...faults: Fault[]): Promise<void> {
    await this.#call('PUT', 'faults', faults);
  }

  /** The faults that are set, with how often each will still strike. */
  async faults(): Promise<Fault[]> {
    return (await (await this.#call('GET', 'faults')).json()) as Fault[];
  }

  async assume(assumptions: Assumptions): Promise<void> {
    await this.#call('PUT', 'assumptions', assumptions);
  }

  async reset(): Promise<void> {
    await this.#call('POST', 'reset');
  }

  async #call(method: string, what: string, body?: unknown): Promise<Response> {
    const response = await fetch(`${this.#url}/_sandbox/${what}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${what}: ${await response.text()}`);
    return response;
  }
}

export type VendorControls = Record<VendorName, VendorControl>;

export function controlsOf({ vendors }: Sandbox): VendorControls {
  const entries = Object.entries(vendors).map(([name, vendor]) => [name, new VendorControl(vendor.url)]);
  return Object.fromEntries(entries) as VendorControls;
}
