import { inspect } from 'node:util';
import { z } from 'zod';

/** A credential. Every way of printing it gives `***`; only `reveal` gives the value. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [inspect.custom](): string {
    return '***';
  }
}

/** A setting that is a credential. The message does not quote what was given in its place. */
export const secretSetting = z.instanceof(Secret, {
  error: 'is a secret, to be given by reference: {"env": "NAME"} or {"file": "path"}',
});
