import type { VendorName } from '../../src/commands/launch-sandbox.ts';
import { ownPaths } from '../crash/own-paths.ts';
import { VENDORS, type Disturbance, type Strike } from './bench.ts';
import type { End } from './end.ts';
import { ROWS, type Row } from './rows.ts';

/** When a fault strikes: at the delete, at the look before it that an unsure plan needs, or at the look after it. */
export type Moment = 'delete' | 'look' | 'verification';

/** One fault at one moment, and how it must end at each vendor. */
export interface Cell {
  name: string;
  hangs: boolean;
  disturbance: Disturbance;
  endAt(name: VendorName): End;
}

const ALWAYS = 1_000;

/** A plan asks OneLogin by the user's id, then by the e-mail address. */
const looksOfPlan = (name: VendorName): number => (name === 'onelogin' ? 2 : 1);

const AT: Record<Moment, (fault: Strike) => Disturbance> = {
  delete: (fault) => (name, person) => [{ ...fault, method: 'DELETE', path: ownPaths(person)[name][0] }],
  look: (fault) => (name) => [
    { kind: 'RESET_BEFORE', method: 'GET', times: looksOfPlan(name) },
    { ...fault, method: 'GET' },
  ],
  verification: (fault) => () => [{ ...fault, method: 'GET', since: 'DELETE' }],
};

function cellsOf(row: Row, moment: Moment): Cell[] {
  return (['once', 'always'] as const).flatMap((often) => {
    const ends = row[moment]?.[often];
    if (!ends) return [];
    const disturbance = AT[moment]({ ...row.fault, times: often === 'once' ? 1 : ALWAYS });
    const endAt = (name: VendorName): End => (typeof ends === 'string' ? ends : (ends[name] ?? ends.else));
    return [
      { name: `at the ${moment}, ${often}: ${row.name}`, hangs: row.hangs ?? false, disturbance, endAt },
    ];
  });
}

/** All that the table says of one moment. */
export const cellsAt = (moment: Moment): Cell[] => ROWS.flatMap((row) => cellsOf(row, moment));

const [FIRST, ...OTHERS] = VENDORS;

/**
 * The vendors of each erasure of a cell. The vendor that is asked first keeps the others from being asked when it
 * fails; and whatever hangs would make the others wait.
 */
export const erasuresOf = ({ hangs }: Cell): VendorName[][] =>
  hangs ? VENDORS.map((name) => [name]) : [[FIRST], OTHERS];
