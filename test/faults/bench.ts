import { vi } from 'vitest';
import type { VendorName } from '../../src/commands/launch-sandbox.ts';
import type { Checkpoint } from '../../src/erasure/context.ts';
import type { Fault } from '../../src/sandbox/fault.ts';
import type { Person } from '../../src/sandbox/people.ts';
import { holdingsAt } from '../crash/holdings.ts';
import { PROGRESS } from '../support/documents.ts';
import { requestErasure, resolve } from '../support/erasures.ts';
import { quickly, startWorld, type World } from '../support/world.ts';
import { startElsewhere, type Elsewhere } from './elsewhere.ts';
import type { Erasure, Evidence } from './evidence.ts';
import { heldAt } from './held.ts';
import { Witness } from './witness.ts';

export const VENDORS = ['vpn', 'particle', 'engagelab', 'learn', 'onelogin'] as const satisfies VendorName[];

/** A fault that strikes so often. */
export type Strike = Fault & { times: number };

/** How a vendor is disturbed while a person is erased there. */
export type Disturbance = (name: VendorName, person: Person) => readonly Strike[];

const ERASED = `query ($id: ID!) { erasure(id: $id) { id state tasks {
  integrationId presence state outcome verdict waitingReason errorCode errorMessage providerReason
  attempts { kind result }
} } }`;

const PLAN = `query ($id: ID!, $at: [ID!]) {
  erasurePlan(customerId: $id, integrationIds: $at) { items { presence } }
}`;

/** Longer than any answer takes. */
export const PATIENCE_MS = 30_000;
/** So long a whole table may take, many times over. */
const HOURS_S = 36_000;
/** Above what is asked here, which the documented limits would hold back. */
const PLENTY = { rateLimit: { requests: 100_000, perSeconds: 1 } };

/** Whoever has an account everywhere that nothing forbids to delete. */
const isEverywhere = ({ number, particle, engagelab, learn, vpn, onelogin }: Person): boolean =>
  !!particle && !!engagelab && !!learn && !!vpn && !vpn.activeSubscription && !!onelogin && number % 25 !== 0;

/** What a test may change while the gateway runs. */
interface Conditions {
  /** How long the gateway waits for one attempt. */
  patienceMs: number;
  /** Turns each of its waits into the one that it really waits. */
  pace(ms: number): number;
  /** Called when it passes a checkpoint. */
  passes(checkpoint: Checkpoint): void;
}

/** A gateway whose vendors are disturbed, and all that can be known of what comes of it. */
export class FaultBench {
  readonly world: World;
  readonly conditions: Conditions;
  readonly #elsewhere: Elsewhere;
  readonly #witness: Witness;
  #people: Person[];

  private constructor(world: World, conditions: Conditions, elsewhere: Elsewhere, witness: Witness) {
    this.world = world;
    this.conditions = conditions;
    this.#elsewhere = elsewhere;
    this.#witness = witness;
    this.#people = world.people.filter(isEverywhere);
  }

  static async start(settings: Partial<Record<VendorName, object>> = {}): Promise<FaultBench> {
    const witness = new Witness();
    const conditions: Conditions = { patienceMs: PATIENCE_MS, pace: quickly, passes: () => {} };
    const options = {
      log: witness.log,
      pace: (ms: number) => conditions.pace(ms),
      deadline: () => AbortSignal.timeout(conditions.patienceMs),
      checkpoint: (checkpoint: Checkpoint) => conditions.passes(checkpoint),
    };
    const limits = Object.fromEntries(VENDORS.map((name) => [name, PLENTY]));
    const world = await startWorld(options, settings, { limits });
    world.admin = await world.as({ role: 'ADMIN', expiresIn: HOURS_S });
    const bench = new FaultBench(world, conditions, await startElsewhere(), witness);
    await bench.restart();
    return bench;
  }

  async close(): Promise<void> {
    await this.world.close();
    this.#elsewhere.close();
    this.#witness.leave();
  }

  /** Lets everybody be there as at the start. */
  async restart(): Promise<void> {
    for (const vendor of Object.values(this.world.vendors)) await vendor.reset();
    await this.world.vendors.engagelab.assume({ deleteDelayMs: 0 });
    await this.world.vendors.onelogin.assume({ hourlyCalls: 1_000_000 });
    this.#people = this.world.people.filter(isEverywhere);
  }

  /** Erases somebody at vendors that are disturbed. Returns what came of it at each. */
  async erase(
    names: readonly VendorName[],
    disturbance: Disturbance,
    suits: (person: Person) => boolean = () => true,
  ): Promise<Evidence[]> {
    const person = this.#people.find(suits);
    if (!person) throw new Error('everybody who suits is erased');
    this.#people.splice(this.#people.indexOf(person), 1);
    await Promise.all(names.map((name) => this.#answers(name, person)));
    const before = await Promise.all(names.map((name) => holdingsAt(this.world.vendors[name], person)));
    const strikes = await Promise.all(names.map((name) => this.#disturb(name, disturbance(name, person))));
    const erasure = await this.#erased(person, names);
    return Promise.all(
      names.map(async (name, i) => {
        const struck = await this.#calm(name, strikes[i]!);
        const task = erasure.tasks.find(({ integrationId }) => integrationId === name)!;
        const calls = await this.world.vendors[name].calls();
        const { own, others } = await holdingsAt(this.world.vendors[name], person);
        const held = heldAt[name](own);
        return { name, person, task, erasure, struck, calls, held, before: before[i]!.others, after: others };
      }),
    );
  }

  /** Checks that in the process nothing happened that must not. */
  async check(): Promise<void> {
    if (this.#elsewhere.calls.length > 0) throw new Error(`sent elsewhere: ${this.#elsewhere.calls.join()}`);
    await this.#witness.check(this.world.sandbox, this.world.vendors);
  }

  /** Waits until nothing of an earlier disturbance keeps the gateway from a vendor. */
  async #answers(name: VendorName, { number }: Person): Promise<void> {
    const variables = { id: this.world.id(number), at: [name] };
    const answers = async (): Promise<boolean> => {
      const { erasurePlan } = await this.world.admin.data(PLAN, variables);
      return erasurePlan.items[0].presence !== 'UNREACHABLE';
    };
    await vi.waitUntil(answers, { timeout: PATIENCE_MS, interval: 10 });
  }

  async #disturb(name: VendorName, strikes: readonly Strike[]): Promise<readonly Strike[]> {
    await this.world.vendors[name].forget();
    await this.world.vendors[name].fault(...this.#elsewhere.within(strikes));
    return strikes;
  }

  /** Ends the disturbance. Tells whether it struck. */
  async #calm(name: VendorName, strikes: readonly Strike[]): Promise<boolean> {
    await this.world.sandbox.vendors[name].reopen();
    const left = await this.world.vendors[name].faults();
    await this.world.vendors[name].fault();
    return strikes.every(({ times }, i) => left[i]!.times! < times);
  }

  /** The erasure when it has ended, or waits for a person, who then leaves it. */
  async #erased({ number }: Person, integrationIds: readonly VendorName[]): Promise<Erasure> {
    const { admin } = this.world;
    const id = await requestErasure(admin, this.world.id(number), { integrationIds });
    const events = await admin.watch(
      PROGRESS,
      { id },
      (all) => all.at(-1)?.data?.erasureProgress.waitingReason === 'NEEDS_REVIEW',
    );
    const { erasure } = (await admin.data(ERASED, { id })) as { erasure: Erasure };
    this.#witness.saw([events, erasure]);
    for (const { integrationId, waitingReason } of erasure.tasks)
      if (waitingReason === 'NEEDS_REVIEW') await resolve(admin, id, integrationId, 'SKIP');
    return erasure;
  }
}
