import { sql } from 'kysely';
import type { Tx } from '../../store/store.ts';
import { nodeHash } from '../merkle.ts';
import type { Report } from './fault.ts';

const AT_ONCE = 500;

interface Node {
  level: number;
  index: number;
  hash: Uint8Array;
  left: Uint8Array | null;
  right: Uint8Array | null;
}

async function* nodesAboveLeaves(tx: Tx): AsyncGenerator<Node> {
  for (let [level, index] = [0, Number.MAX_SAFE_INTEGER]; ;) {
    const { rows } = await sql<Node>`
      select node.level, node.index, node.hash, l.hash as left, r.hash as right
      from audit_node node
      left join audit_node l on l.level = node.level - 1 and l.index = node.index * 2
      left join audit_node r on r.level = node.level - 1 and r.index = node.index * 2 + 1
      where (node.level, node.index) > (${level}::integer, ${index}::bigint)
      order by node.level, node.index limit ${AT_ONCE}
    `.execute(tx);
    yield* rows;
    if (rows.length < AT_ONCE) return;
    ({ level, index } = rows.at(-1)!);
  }
}

/** Checks that the kept hashes, by which proofs are made, are those over the leaves: each level over the one below. */
export async function checkNodes(tx: Tx, size: number, report: Report): Promise<void> {
  for await (const { level, index, hash, left, right } of nodesAboveLeaves(tx)) {
    if (!left || !right || Buffer.compare(nodeHash(left, right), hash) !== 0)
      report('CHANGED', `node ${level}/${index}: its hash is not that of what is below`);
  }
  const counts = await tx
    .selectFrom('audit_node')
    .select(['level', (eb) => eb.fn.countAll<number>().as('nodes')])
    .groupBy('level')
    .execute();
  const nodes = new Map(counts.map((row) => [row.level, row.nodes]));
  for (let level = 0, expected = size; expected > 0 || nodes.has(level); level++) {
    const found = nodes.get(level) ?? 0;
    if (found !== expected)
      report(
        found < expected ? 'MISSING' : 'INSERTED',
        `nodes of level ${level}: there are ${found}, and not ${expected}`,
      );
    expected = Math.floor(expected / 2);
  }
}
