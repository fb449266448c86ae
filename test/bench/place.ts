import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a run keeps its files: every candidate reads here what it is to serve. */
const folder = (): string => process.env['BENCH_FOLDER']!;

/** What every candidate is told. */
export interface Setting {
  /** Where each vendor is. */
  urls: Record<string, string>;
  /** Global ids of the customers, in the order of the population. */
  ids: string[];
}

export const settingFile = (): string => join(folder(), 'setting.json');

export const readSetting = (): Setting => JSON.parse(readFileSync(settingFile(), 'utf8')) as Setting;

/** Tells the parent where the candidate listens. */
export const ready = (url: string): void => void process.send!({ url });
