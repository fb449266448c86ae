/** So far the clocks of whoever issues tokens and of the gateway may be apart. */
export const CLOCK_LEEWAY_SECONDS = 5;
