import { people } from '../../src/sandbox/people.ts';

const SIZE = 1_000;

/** Customers who hold an account at every provider, each linked by the id that the provider's own lookup takes. */
export const POPULATION = people(4 * SIZE)
  .filter(
    ({ particle, engagelab, learn, vpn, onelogin }) => particle && engagelab && learn && vpn && onelogin,
  )
  .filter(({ number }) => number % 25 !== 0)
  .slice(0, SIZE);
