import { examine, type Health, type Integration } from '../providers/provider.ts';

/** What was seen of an integration, and when. */
export interface Look {
  health: Health;
  at: Date;
}

const KEEP_MS = 30_000;
const DEADLINE_MS = 10_000;

/**
 * Looks at integrations for whoever asks: one look at a time each, whose answer is kept for 30 s. Asking costs calls
 * at the provider, its token endpoint among them, which blocks an address that calls too often.
 */
export class HealthLooks {
  readonly #clock: { now(): Date };
  readonly #looks = new Map<string, { look: Promise<Look>; until: number }>();

  constructor(clock: { now(): Date }) {
    this.#clock = clock;
  }

  of(integration: Integration): Promise<Look> {
    const kept = this.#looks.get(integration.id);
    if (kept && kept.until > this.#clock.now().getTime()) return kept.look;
    const entry = { look: this.#take(integration), until: Number.POSITIVE_INFINITY };
    this.#looks.set(integration.id, entry);
    const keep = (): void => {
      entry.until = this.#clock.now().getTime() + KEEP_MS;
    };
    entry.look.then(keep, keep);
    return entry.look;
  }

  /** Has a deadline of its own: the look is shared, so no caller who goes away may end it. */
  async #take(integration: Integration): Promise<Look> {
    const health = await examine(integration, AbortSignal.timeout(DEADLINE_MS));
    return { health, at: this.#clock.now() };
  }
}
