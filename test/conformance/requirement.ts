import type { Bench } from './bench.ts';

/** One thing that every adapter must do, or should. */
export interface Requirement {
  /** Four hexadecimal digits that stay with the requirement. */
  id: string;
  name: `MUST ${string}` | `SHOULD ${string}`;
  /** Rejects where the provider on the bench does not conform, or has nothing to which the requirement could apply. */
  check(bench: Bench): Promise<void>;
}
