/** `npm run bench`: measures the gateway beside its limit and its peers, and writes it into `docs/performance.md`. */
import { compare } from './compare.ts';
import { writeDown } from './document.ts';
import { growth } from './growth.ts';
import { latency } from './latency.ts';
import { isWhole, readOptions, type Options } from './options.ts';
import { processes } from './processes.ts';
import { start } from './start.ts';
import { circumstances } from './versions.ts';

/** What can be measured, each by itself. Each gives what it found as Markdown. */
const MEASUREMENTS: Readonly<Record<string, (options: Options) => Promise<string>>> = {
  compare,
  latency,
  growth,
  start,
  processes,
};

const { measurement, options } = readOptions(process.argv.slice(2));
const measure = MEASUREMENTS[measurement];
if (!measure) throw new Error(`there is no ${measurement}, only ${Object.keys(MEASUREMENTS).join(', ')}`);
const found = `${await measure(options)}\n\n${circumstances(options)}`;
console.log(found);
if (isWhole(options)) await writeDown(measurement, found);
