import type { Tx } from '../../store/store.ts';
import type { CheckpointDocument } from '../checkpoint-document.ts';
import { leafHash, type Hash } from '../merkle.ts';
import { changedColumns, ENTRY_COLUMNS, type StoredEntry } from './entry.ts';
import type { Report } from './fault.ts';
import { RunningRoot } from './running-root.ts';

const AT_ONCE = 500;

/** A place in the tree, with the hash that was kept for it. */
interface Place {
  index: number;
  entryId: number;
  node: Uint8Array | null;
}

type Placed = Place & { [Column in keyof StoredEntry]: StoredEntry[Column] | null };

async function* placesOf(tx: Tx): AsyncGenerator<Placed> {
  for (let next = 0; ;) {
    const rows = await tx
      .selectFrom('audit_leaf')
      .leftJoin('audit_entry', 'audit_entry.id', 'audit_leaf.entry_id')
      .leftJoin('audit_node', (join) =>
        join.onRef('audit_node.index', '=', 'audit_leaf.index').on('audit_node.level', '=', 0),
      )
      .select(ENTRY_COLUMNS)
      .select(['audit_leaf.index', 'audit_leaf.entry_id as entryId', 'audit_node.hash as node'])
      .where('audit_leaf.index', '>=', next)
      .orderBy('audit_leaf.index')
      .limit(AT_ONCE)
      .execute();
    yield* rows as Placed[];
    if (rows.length < AT_ONCE) return;
    next = rows.at(-1)!.index + 1;
  }
}

const same = (one: Hash, other: Hash): boolean => Buffer.compare(one, other) === 0;

/** An entry whose hash is not the kept one: it is another place's, or its leaf was changed. */
async function reportWrongLeaf(tx: Tx, { index, entryId }: Place, hash: Hash, report: Report): Promise<void> {
  const home = await tx
    .selectFrom('audit_node')
    .select('index')
    .where('level', '=', 0)
    .where('hash', '=', hash)
    .executeTakeFirst();
  if (home)
    report('SWAPPED', `index ${index} (entry ${entryId}): what stands there was put at index ${home.index}`);
  else report('CHANGED', `index ${index} (entry ${entryId}): its leaf is not the one that was put there`);
}

/** Checks the entry at a place. Returns the hash of its leaf, or the kept one when it is gone. */
async function checkPlace(tx: Tx, place: Placed, report: Report): Promise<Hash> {
  const { index, entryId, node } = place;
  if (place.leaf === null) {
    report('MISSING', `index ${index} (entry ${entryId}): the entry is gone`);
    return node ?? leafHash(new Uint8Array());
  }
  const changed = changedColumns(place as StoredEntry);
  if (changed.length > 0) report('CHANGED', `index ${index} (entry ${entryId}): ${changed.join(', ')}`);
  const hash = leafHash(Buffer.from(place.leaf));
  if (!node || !same(node, hash)) await reportWrongLeaf(tx, place, hash, report);
  return hash;
}

function checkRoot({ root, size }: RunningRoot, checkpoint: CheckpointDocument, report: Report): void {
  if (size !== checkpoint.size || same(root, Buffer.from(checkpoint.root, 'base64url'))) return;
  report(
    'REPLACED',
    `the first ${size} entries are not those of the checkpoint: their tree has another root`,
  );
}

/** Checks every place of the tree, and the checkpoint's. Returns how many there are. */
export async function checkPlaces(tx: Tx, checkpoint: CheckpointDocument, report: Report): Promise<number> {
  const running = new RunningRoot();
  let next = 0;
  checkRoot(running, checkpoint, report);
  for await (const place of placesOf(tx)) {
    if (place.index !== next) report('MISSING', `index ${next} to ${place.index - 1}: nothing stands there`);
    next = place.index + 1;
    running.add(await checkPlace(tx, place, report));
    checkRoot(running, checkpoint, report);
  }
  if (running.size < checkpoint.size)
    report('TRUNCATED', `the log has ${running.size} entries, and the checkpoint says ${checkpoint.size}`);
  return next;
}
