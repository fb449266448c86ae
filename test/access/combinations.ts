import { DOORS, type Door } from './doors.ts';
import { standing, type Judge } from './judge.ts';
import { PLACES, type Place } from './oracle.ts';
import { CALLERS, type Caller } from './viewers.ts';

export interface Combination {
  caller: Caller;
  door: Door;
  place: Place;
  stands: ReturnType<typeof standing>;
}

const placesOf = (judge: Judge, door: Door): Place[] => PLACES.filter((place) => judge.exists(door, place));

/** Every caller at every door, for every place. */
export const everyCombination = (judge: Judge): Combination[] =>
  CALLERS.flatMap((caller) =>
    DOORS.flatMap((door) =>
      placesOf(judge, door).map((place) => ({ caller, door, place, stands: standing(caller, door, place) })),
    ),
  );

const RESELLER = 'RESALE, every scope';

/**
 * Every pair of a caller and a door, and for the reseller with every scope every place; the others take turns with the
 * places. Callers whom a door shows the same are let in once.
 */
export function someCombinations(judge: Judge): Combination[] {
  const let_in = new Set<string>();
  const turn = new Map<string, number>();
  return everyCombination(judge).filter(({ caller, door, place, stands }) => {
    const places = placesOf(judge, door);
    const pair = `${caller.name} ${DOORS.indexOf(door)}`;
    const nth = turn.get(pair) ?? 0;
    turn.set(pair, nth + 1);
    const isTurn = nth === (CALLERS.indexOf(caller) + DOORS.indexOf(door)) % places.length;
    if (caller.name !== RESELLER && !isTurn) return false;
    if (stands !== 'let in') return true;
    const key = `${judge.signature(caller, door)} ${caller.name === RESELLER ? place : ''}`;
    return !let_in.has(key) && let_in.add(key);
  });
}
