import { afterAll, beforeAll, expect, test } from 'vitest';
import { permissions } from '../../src/graphql/permissions.ts';
import { DOORS } from './doors.ts';
import { Judge } from './judge.ts';
import { hiddenFrom } from './reached.ts';
import { mayRead, needsOf, SCOPES } from './oracle.ts';
import { cellsOf } from './operations.ts';
import { setStage, type Stage } from './stage.ts';
import { SwitchableRules } from './switchable.ts';
import type { Caller } from './viewers.ts';
import { FIELDS } from './wall.ts';

const switches = new SwitchableRules(permissions);
const STEPS = 3;

let stage: Stage;

beforeAll(async () => {
  Object.assign(permissions, switches.rules);
  stage = await setStage();
});

afterAll(() => stage.close());

const guardOf = ({ type, field }: { type: string; field: string }): string =>
  [`${type}.${field}`, `${type}.*`, type].find((name) => switches.names.includes(name))!;

/** Whoever has every scope but those that a rule asks for; nobody where it asks for a token alone. */
function callerWithout(name: string): Caller | null {
  const { type, field } = FIELDS.find((one) => guardOf(one) === name)!;
  const needs = needsOf(type, field)!;
  if (needs.includes('anyone')) return null;
  if (needs.includes('token')) return { name: 'no token', asker: null };
  const scopes = SCOPES.filter((scope) => !needs.includes(scope));
  return { name: `ADMIN, without ${needs.join()}`, asker: { role: 'ADMIN', scopes } };
}

/** Whether something is let out at some door; null: other rules stand before this one, at every door. */
async function isNoticed(name: string, caller: Caller): Promise<boolean | null> {
  let stands: boolean | null = null;
  for (const door of DOORS) {
    const judge = new Judge(stage);
    if (!judge.exists(door, 'own')) continue;
    const cells = cellsOf(door.root, door.field, STEPS, door.only);
    const borders = hiddenFrom(caller.asker, cells).filter((cell) => guardOf(cell) === name);
    const isRoot = name === `${door.root}.${door.field}`;
    if (isRoot) await judge.judge(caller, door, 'own');
    else if (mayRead(caller.asker, door.root, door.field))
      for (const cell of borders) await judge.judgeHidden(caller, door, 'own', cell);
    if (judge.wrong.length > 0) return true;
    if (isRoot || judge.judged > 0) stands = false;
  }
  return stands;
}

test('a rule that is gone lets something out at a door, unless another rule stands before it at all of them', async () => {
  const found = { noticed: [] as string[], unnoticed: [] as string[], behind: [] as string[] };
  for (const name of switches.names) {
    const caller = callerWithout(name);
    if (!caller) continue;
    switches.change(name);
    const noticed = await isNoticed(name, caller);
    switches.change(null);
    found[noticed === null ? 'behind' : noticed ? 'noticed' : 'unnoticed'].push(name);
  }
  console.log(
    `${found.noticed.length} rules stand alone somewhere; ${found.behind.length} stand behind others: ${found.behind.join(', ')}`,
  );
  expect(found.unnoticed.toSorted()).toEqual(['Query._service', 'Query.viewer']); // what they lead to asks again who is there
  expect(found.noticed.length).toBeGreaterThan(60);
}, 3_600_000);
