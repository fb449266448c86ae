import { token, type Rows } from './issuer.ts';

/** A claim with each of several values that it must not have; undefined: without it. */
export const wrong = (name: string, values: unknown[]): Rows =>
  values.map((value) => [
    `${name} ${JSON.stringify(value)?.slice(0, 40)}`,
    () => token({}, { [name]: value }),
  ]);
