import type { Reading } from './gauge.ts';

/** What one deletion has cost on average, and the latest that gateways came to their turn. */
interface Cost {
  statementsEach: number;
  /** Transactions of several statements; every other statement is one by itself. */
  transactionsEach: number;
  cpuMsEach: number;
  lagMs: number;
  memoryMb: number;
  /** How often each statement was sent for a deletion, the most frequent first. */
  statements: [text: string, count: number][];
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0);

const rounded = (value: number): number => Number(value.toFixed(1));

/** What lies between two readings of the same gateways. */
export function costOf(before: readonly Reading[], after: readonly Reading[], deletions: number): Cost {
  const statements = new Map<string, number>();
  for (const [i, reading] of after.entries())
    for (const [text, count] of Object.entries(reading.statements)) {
      const more = count - (before[i]!.statements[text] ?? 0);
      statements.set(text, (statements.get(text) ?? 0) + more / deletions);
    }
  const commits = [...statements].filter(([text]) => /^commit/i.test(text));
  return {
    statementsEach: rounded(sum(statements.values())),
    transactionsEach: rounded(sum(commits.map(([, count]) => count))),
    cpuMsEach: rounded(sum(after.map(({ cpuMs }, i) => cpuMs - before[i]!.cpuMs)) / deletions),
    lagMs: Math.round(Math.max(...after.map(({ lagMs }) => lagMs))),
    memoryMb: Math.round(Math.max(...after.map(({ memoryMb }) => memoryMb))),
    statements: [...statements].filter(([, count]) => count > 0).toSorted(([, a], [, b]) => b - a),
  };
}
