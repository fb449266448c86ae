import { CLOCK_LEEWAY_SECONDS } from '../access/leeway.ts';
import type { TokenIdentity } from '../access/viewer.ts';

/** What was revoked, as far as it may still concern a token that is accepted. */
export class RevocationList {
  readonly #ids = new Map<string, number>();
  readonly #subjects = new Map<string, number>();

  add({ jti, subject, revokedAt }: { jti: string | null; subject: string | null; revokedAt: Date }): void {
    if (jti !== null) this.#ids.set(jti, revokedAt.getTime());
    if (subject !== null) this.#subjects.set(subject, revokedAt.getTime());
  }

  /** Drops what was revoked before a time. */
  forget(before: number): void {
    for (const entries of [this.#ids, this.#subjects])
      for (const [value, revokedAt] of entries) if (revokedAt < before) entries.delete(value);
  }

  /** A token of a revoked subject counts again when it was certainly issued after that, by whatever clock. */
  has({ subject, tokenId, issuedAt }: TokenIdentity): boolean {
    if (tokenId !== null && this.#ids.has(tokenId)) return true;
    const revokedAt = this.#subjects.get(subject);
    return revokedAt !== undefined && issuedAt.getTime() <= revokedAt + CLOCK_LEEWAY_SECONDS * 1000;
  }
}
