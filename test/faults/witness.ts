import pino, { type Logger } from 'pino';
import { expect } from 'vitest';
import type { Sandbox } from '../../src/commands/launch-sandbox.ts';
import { Secret } from '../../src/providers/secret.ts';
import { secretsIn } from '../support/spellings.ts';
import type { VendorControls } from '../support/vendors.ts';

/** Keeps what must not happen in a process, and all that it writes and shows. */
export class Witness {
  readonly log: Logger;
  readonly #written: string[] = [];
  readonly #shown: string[] = [];
  readonly #unhandled: unknown[] = [];
  readonly #listener = (error: unknown): void => void this.#unhandled.push(error);

  constructor() {
    this.log = pino({ level: 'info' }, { write: (line: string) => void this.#written.push(line) });
    process.on('unhandledRejection', this.#listener).on('uncaughtException', this.#listener);
  }

  /** Keeps an answer that a client got. */
  saw(answer: unknown): void {
    this.#shown.push(JSON.stringify(answer));
  }

  /** Nothing was left unhandled, and no secret was written or shown. */
  async check({ integrations }: Sandbox, vendors: VendorControls): Promise<void> {
    expect(this.#unhandled).toEqual([]);
    const settings = integrations.flatMap((one) => Object.values(one.settings as object) as unknown[]);
    const configured = settings.flatMap((value) => (value instanceof Secret ? [value.reveal()] : []));
    const states = Object.values(vendors).map((vendor) => vendor.state<{ tokens?: { token: string }[] }>());
    const issued = (await Promise.all(states)).flatMap(({ tokens = [] }) => tokens.map(({ token }) => token));
    const log = this.#written.join('');
    expect(log).toContain('attempt failed');
    expect(issued).not.toEqual([]);
    expect(secretsIn(log + this.#shown.join(''), [...configured, ...issued])).toEqual([]);
  }

  leave(): void {
    process.off('unhandledRejection', this.#listener).off('uncaughtException', this.#listener);
  }
}
