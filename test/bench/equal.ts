import { ask } from './ask.ts';
import type { Candidate, Upstreams } from './candidates.ts';
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

const sum = (calls: Record<string, number>): number => Object.values(calls).reduce((a, b) => a + b, 0);

/**
 * Puts the same requests to everyone, one at a time. Fails where an answer is an error, or is not the one of the first.
 * Returns how many calls of a provider a request made, by candidate.
 */
export async function compareAnswers(
  upstreams: Upstreams,
  candidates: readonly Candidate[],
  workload: Workload,
  { bodies, token }: Pick<Requests, 'bodies' | 'token'>,
): Promise<Map<string, number>> {
  const expected: string[] = [];
  const callsPerRequest = new Map<string, number>();
  for (const { name, url } of candidates) {
    await ask(url, bodies[0]!, token); // fetches what is kept: tokens, and copies of lists
    const before = sum(await upstreams.ask({}));
    for (const [i, body] of bodies.entries()) {
      const answer = comparable(await ask(url, body, token), workload);
      expected[i] ??= answer;
      if (answer.includes('"errors":')) throw new Error(`${name} answers ${workload.name}: ${answer}`);
      if (answer === expected[i]) continue;
      throw new Error(`${name} answers ${workload.name} otherwise:\n${difference(expected[i], answer)}`);
    }
    callsPerRequest.set(name, (sum(await upstreams.ask({})) - before) / bodies.length);
  }
  return callsPerRequest;
}
