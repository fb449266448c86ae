import { parse, type OperationDefinitionNode } from 'graphql';
import { costOf } from '../../src/graphql/documents/cost.ts';
import { MAX_VALUES, prices } from '../../src/graphql/prices.ts';
import { schema } from '../../src/graphql/schema.ts';
import { Api } from '../support/api.ts';
import { ROUTER_TOKEN } from '../support/gateway-options.ts';
import type { Door } from './doors.ts';
import { FOR_ROLES_THAT_REACH_ALL, mayRead, reaches, type Asker, type Place } from './oracle.ts';
import { cellsOf, operation, valuesOf, type Cell } from './operations.ts';
import { hiddenFrom, isOfCustomers, openTo } from './reached.ts';
import type { Stage } from './stage.ts';
import { MANAGER, type Things } from './things.ts';
import type { Caller } from './viewers.ts';

interface Answer {
  status: number;
  /** What the root field answers. */
  value: unknown;
  codes: unknown[];
  /** Whether something was refused only after the root field had been carried out. */
  isLate: boolean;
  /** All of it, without what is another at each look. */
  text: string;
}

const REFUSALS = new Set<unknown>(['FORBIDDEN', 'UNAUTHENTICATED']);
/** What is answered where only those are let in who reach everybody. */
const NOTHING = /"__typename":"InvalidInputError"|"edges":\[\]/;
/** Less than a document may have, for its variables are not counted. */
const MAX_TOKENS = 950;

const tokensIn = (document: string): number => document.match(/\w+|\.{3}|[^\s\w]/g)!.length;

/** Whether one document may ask for so much. */
function fits({ root, field }: Door, cells: readonly Cell[], args: object): boolean {
  const text = operation(root, field, cells, args);
  if (tokensIn(text) > MAX_TOKENS) return false;
  const document = parse(text);
  const [definition] = document.definitions as [OperationDefinitionNode];
  return costOf({ schema, document, definition, variables: { ...args } }, prices).values <= MAX_VALUES;
}

/** As many cells at once as one document can ask for. */
function portions(door: Door, cells: readonly Cell[], args: object): (readonly Cell[])[] {
  if (cells.length === 0) return [];
  if (cells.length === 1 || fits(door, cells, args)) return [cells];
  const half = Math.ceil(cells.length / 2);
  return [cells.slice(0, half), cells.slice(half)].flatMap((some) => portions(door, some, args));
}

/** Without what another look shows differently, of whomever it is. */
const lasting = (text: string): string =>
  text
    .replace(/"(hash|expiresAt|createdAt)":"[^"]*"/g, '"$1":"now"')
    .replace(/"(health|traffic)":\{[^}]*\}/g, '"$1":"now"');

/** How a caller stands before what a door leads to. */
export function standing(
  { asker }: Caller,
  { root, field, kind }: Door,
  place: Place,
): 'refused' | 'out of reach' | 'let in' {
  if (!asker || !mayRead(asker, root, field)) return 'refused';
  const forAll = FOR_ROLES_THAT_REACH_ALL.includes(`${root}.${field}`);
  if (kind === null) return 'let in';
  return reaches(asker.role, place, forAll ? 'gateway' : kind) ? 'let in' : 'out of reach';
}

/** Sends what callers may and may not ask, and judges what comes by the oracle. */
export class Judge {
  /** Pairs of a caller and a field, at a door and for a place, that were judged. */
  judged = 0;
  requests = 0;
  readonly wrong: string[] = [];
  /** Fields that somebody was shown, as they should be. */
  readonly shown = new Set<string>();
  readonly #stage: Stage;
  readonly #thorough: boolean;
  readonly #steps: number;
  readonly #apis = new Map<string, Promise<Api>>();
  readonly #unknown = new Map<string, Promise<string[]>>();

  /** Thoroughly: by long ways too, and each field that is not for a caller, where else one of each type is enough. */
  constructor(stage: Stage, thorough = false) {
    this.#stage = stage;
    this.#thorough = thorough;
    this.#steps = thorough ? 4 : 2;
  }

  /** Whether there is something at the place that the door can be given. */
  exists({ kind, needs }: Door, place: Place): boolean {
    if (kind === null) return place === 'own';
    const things = this.#stage.at[place];
    if (kind === 'gateway') return place === 'own' || (place === 'unknown' && needs.length > 0);
    return needs.every((name) => things[name] != null);
  }

  /** What a caller is shown at a door, and what not: callers of the same role with the same are treated alike. */
  signature({ asker }: Caller, { root, field, only }: Door): string {
    const cells = cellsOf(root, field, this.#steps, only);
    const open = openTo(asker, cells).map((cell) => `${cell.type}.${cell.field}`);
    return `${asker?.role} ${root}.${field} ${only} ${open.join()}`;
  }

  async judge(caller: Caller, door: Door, place: Place): Promise<void> {
    const before = this.wrong.length;
    const cells = cellsOf(door.root, door.field, this.#steps, door.only);
    const open = openTo(caller.asker, cells);
    const stands = standing(caller, door, place);
    if (stands === 'refused') await this.#refused(caller, door, place, cells);
    else if (stands === 'out of reach')
      await this.#outOfReach(caller, door, place, open.filter(isOfCustomers));
    else {
      for (const portion of portions(door, open, this.#argsOf(caller, door, place)))
        await this.#shown(caller, door, place, portion);
      for (const cell of this.#bordersOf(caller.asker, cells))
        await this.judgeHidden(caller, door, place, cell);
    }
    const where = `${caller.name}: ${door.root}.${door.field} at ${place}`;
    for (let i = before; i < this.wrong.length; i++) this.wrong[i] = `${where}: ${this.wrong[i]}`;
  }

  async #refused(caller: Caller, door: Door, place: Place, cells: readonly Cell[]): Promise<void> {
    const [some = []] = portions(door, cells, this.#argsOf(caller, door, place));
    const { status, value, codes, isLate, text } = await this.#ask(caller, door, place, some);
    if (isLate) this.wrong.push(`refused after it was done: ${text}`);
    const code = caller.asker ? 'FORBIDDEN' : 'UNAUTHENTICATED';
    if (value != null || codes.length === 0 || codes.some((one) => one !== code))
      this.wrong.push(`not refused: ${text}`);
    if (!caller.asker && status !== 401 && door.root !== 'Subscription') this.wrong.push(`status ${status}`);
    this.judged += cells.length;
  }

  async #outOfReach(caller: Caller, door: Door, place: Place, open: readonly Cell[]): Promise<void> {
    const answers = await this.#textsOf(caller, door, place, open);
    const isMine = door.kind === 'customer' && place !== 'unknown' && reaches('RESALE', place);
    if (isMine || door.needs.length === 0) {
      if (!answers.every((text) => NOTHING.test(text))) this.wrong.push(`let in: ${answers.join(' ')}`);
    } else {
      const key = `${caller.name} ${door.root}.${door.field} ${door.needs.join()} ${door.only}`;
      const unknown = this.#unknown.get(key) ?? this.#textsOf(caller, door, 'unknown', open);
      this.#unknown.set(key, unknown);
      const expected = await unknown;
      answers.forEach((text, i) => {
        if (text !== expected[i]) this.wrong.push(`unlike the unknown: ${text} and not ${expected[i]}`);
      });
    }
    this.judged += open.length;
  }

  async #shown(caller: Caller, door: Door, place: Place, open: readonly Cell[]): Promise<void> {
    const { value, codes, text } = await this.#ask(caller, door, place, open);
    if (codes.length > 0) this.wrong.push(`refused: ${text.slice(0, 1_000)}`);
    for (const cell of open) {
      const values = valuesOf(value, cell);
      if (values.length === 0) continue;
      this.judged++;
      if (values.includes(undefined)) this.wrong.push(`${cell.type}.${cell.field} is missing`);
      if (values.some((one) => one !== null)) this.shown.add(`${cell.type}.${cell.field}`);
    }
  }

  /** Asks for one field that a caller may not read, though all that lead to it. */
  async judgeHidden(caller: Caller, door: Door, place: Place, cell: Cell): Promise<void> {
    const { value, codes, text } = await this.#ask(caller, door, place, [cell]);
    const values = valuesOf(value, cell);
    const name = `${cell.type}.${cell.field}`;
    if (values.some((one) => one != null)) this.wrong.push(`${name} is shown: ${text}`);
    else if (values.length > 0 && codes.length === 0) this.wrong.push(`${name} is not refused: ${text}`);
    if (codes.some((code) => !REFUSALS.has(code))) this.wrong.push(`${name}: ${text}`);
    if (values.length > 0 || codes.length > 0) this.judged++;
  }

  #bordersOf(asker: Asker, cells: readonly Cell[]): Cell[] {
    const borders = hiddenFrom(asker, cells);
    if (this.#thorough) return borders;
    return [...new Map(borders.map((cell) => [cell.type, cell])).values()];
  }

  #textsOf(caller: Caller, door: Door, place: Place, open: readonly Cell[]): Promise<string[]> {
    return Promise.all(
      portions(door, open, this.#argsOf(caller, door, place)).map(
        async (portion) => (await this.#ask(caller, door, place, portion)).text,
      ),
    );
  }

  #argsOf({ asker }: Caller, door: Door, place: Place): object {
    const { at } = this.#stage;
    return door.args(at[place] as Things, asker?.role ?? 'ADMIN', place, at.own as Things);
  }

  async #ask(caller: Caller, door: Door, place: Place, cells: readonly Cell[]): Promise<Answer> {
    const { root, field } = door;
    const args = this.#argsOf(caller, door, place);
    const document = operation(root, field, cells, args);
    const api = await this.#apiOf(caller);
    this.requests++;
    const { status, data, errors } =
      root === 'Subscription'
        ? { status: 200, ...(await api.watch(document, { ...args }, (results) => results.length > 0))[0]! }
        : await api.send(document, { ...args });
    const codes = errors.map(({ extensions }) => extensions?.code);
    const isLate = errors.some(({ path }) => path !== undefined && path.length > 1);
    const text = lasting(JSON.stringify({ status, data, errors }));
    this.#findMarks(caller.asker, text);
    return { status, value: (data as Record<string, unknown> | null)?.[field], codes, isLate, text };
  }

  /** No answer tells of what is out of reach. */
  #findMarks(asker: Asker, text: string): void {
    for (const { place, bulk, text: mark } of this.#stage.marks)
      if (!(asker && reaches(asker.role, place, bulk ? 'bulk' : 'customer')) && text.includes(mark))
        this.wrong.push(`tells of ${place}: ${mark} in ${text.slice(0, 1_000)}`);
  }

  #apiOf({ name, asker, badToken }: Caller): Promise<Api> {
    const { world } = this.#stage;
    const make = async (): Promise<Api> => {
      if (!asker) return badToken ? new Api(world.gateway.url, 'not.a.token') : world.anonymous;
      return world.as({ ...asker, ...(asker.role === 'RESALE' && { manager: MANAGER }), expiresIn: 36_000 });
    };
    const api = this.#apis.get(name) ?? make().then((one) => one.through(ROUTER_TOKEN));
    this.#apis.set(name, api);
    return api;
  }
}
