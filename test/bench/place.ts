import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What every candidate is told. */
export interface Setting {
  /** Where each vendor is. */
  urls: Record<string, string>;
  /** Global ids of the customers, in the order of the population. */
  ids: string[];
}

/** Where a run keeps what its candidates are told. */
export const settingFile = (folder: string): string => join(folder, 'setting.json');

export const readSetting = (): Setting =>
  JSON.parse(readFileSync(settingFile(process.env['BENCH_FOLDER']!), 'utf8')) as Setting;

/** Tells the parent where the candidate listens. It ends with its parent. */
export function ready(url: string): void {
  process.once('disconnect', () => process.exit());
  process.send!({ url });
}
