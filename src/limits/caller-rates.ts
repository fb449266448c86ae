/** How many points a minute may be spent. */
export interface CallerRates {
  /** By one caller. */
  caller: number;
  /** By all callers of one tree of managers. */
  manager: number;
}

export const DEFAULT_RATES: CallerRates = { caller: 6_000, manager: 30_000 };
