import { parseArgs } from 'node:util';
import type { Workload } from './workloads.ts';

/** How a measurement is run. */
export interface Options {
  rounds: number;
  /** How long each load lasts. */
  seconds: number;
  /** A run that proves that everything runs, and measures nothing. */
  short: boolean;
  /** Names of workloads and of candidates; everything where empty. */
  only: readonly string[];
  candidates: readonly string[];
  /** Folder for a profile of the gateway's processor time, where one is wanted. */
  profile: string | undefined;
}

const names = (text: string): string[] => text.split(',').filter(Boolean);

/** Reads the command line: what is measured, and how. */
export function readOptions(args: readonly string[]): { measurement: string; options: Options } {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '4' },
      short: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      candidates: { type: 'string', default: '' },
      profile: { type: 'string' },
    },
  });
  const { short, profile } = values;
  const options: Options = {
    rounds: short ? 1 : Number(values.rounds),
    seconds: short ? 1 : Number(values.seconds),
    short,
    only: names(values.only),
    candidates: names(values.candidates),
    profile,
  };
  return { measurement: positionals[0] ?? 'compare', options };
}

/** Whether all is measured: only such a run is written down. */
export const isWhole = ({ short, only, candidates, profile }: Options): boolean =>
  !short && profile === undefined && only.length === 0 && candidates.length === 0;

/** Whether a workload is put to a candidate in this run. */
export const takesPart = ({ only, candidates }: Options, { name, servedBy }: Workload, candidate: string) =>
  (only.length === 0 || only.includes(name)) &&
  (candidates.length === 0 || candidates.includes(candidate)) &&
  (servedBy?.includes(candidate) ?? true);
