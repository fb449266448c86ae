import { ask } from './ask.ts';
import type { Candidate } from './candidates.ts';
import type { Requests } from './test-bed.ts';
import type { Workload } from './workloads.ts';

const AROUND = 200;

/** The answer as JSON, in its order, without what cannot be equal. */
function comparable(answer: string, { unequal = {} }: Workload): string {
  return JSON.stringify(JSON.parse(answer, (key, value: unknown) => (key in unequal ? key : value)));
}

function difference(a: string, b: string): string {
  let at = 0;
  while (a[at] === b[at]) at++;
  return [a, b].map((text) => text.slice(Math.max(0, at - AROUND), at + AROUND)).join('\n');
}

/** Puts the same requests to everyone. Fails where an answer is an error, or is not the one of the first. */
export async function assertEqualAnswers(
  candidates: readonly Candidate[],
  workload: Workload,
  { bodies, token }: Requests,
): Promise<void> {
  const [limit, ...others] = candidates;
  for (const body of bodies) {
    const expected = comparable(await ask(limit!.url, body, token), workload);
    if (expected.includes('"errors"'))
      throw new Error(`${limit!.name} answers ${workload.name}: ${expected}`);
    for (const { name, url } of others) {
      const answer = comparable(await ask(url, body, token), workload);
      if (answer === expected) continue;
      throw new Error(`${name} answers ${workload.name} otherwise:\n${difference(expected, answer)}`);
    }
  }
}
