import { mayRead, type Asker } from './oracle.ts';
import type { Cell } from './operations.ts';

/** How an integration is, it is asked itself, whoever's customer is meant. */
export const isOfCustomers = ({ type, field, ways }: Cell): boolean =>
  ![{ type, field }, ...ways.flat()].some((step) => step.type === 'Integration' && step.field === 'health');

/** The fields as far as some way to them is open to a caller, with such ways alone. */
const reachedBy = (asker: Asker, cells: readonly Cell[]): Cell[] =>
  cells
    .map((cell) => ({
      ...cell,
      ways: cell.ways.filter((way) => way.every(({ type, field }) => mayRead(asker, type, field))),
    }))
    .filter(({ ways }) => ways.length > 0);

/** The fields that a caller may read. */
export const openTo = (asker: Asker, cells: readonly Cell[]): Cell[] =>
  reachedBy(asker, cells).filter(({ type, field }) => mayRead(asker, type, field));

/** The fields that a caller comes as far as, and may not read. */
export const hiddenFrom = (asker: Asker, cells: readonly Cell[]): Cell[] =>
  reachedBy(asker, cells).filter(({ type, field }) => !mayRead(asker, type, field));
