import type { IRule, IRules } from 'graphql-shield';
import { rule } from '../../src/graphql/shield.ts';

/** What is put in the place of a rule. */
export const WEAKER = {
  /** The rule is gone. */
  allow: () => true,
  /** Every token will do. */
  token: ({ viewer }: { viewer: unknown }) => viewer !== null,
  /** Nobody passes. */
  deny: () => false,
} as const;

export type Change = keyof typeof WEAKER;

type Entry = IRule | Record<string, IRule>;

const isRule = (entry: Entry): entry is IRule => typeof entry.resolve === 'function';

/** The rules by the names of what they guard: `Type`, `Type.field`, or `Type.*` for the other fields of a type. */
export const entriesOf = (rules: IRules): [name: string, rule: IRule][] =>
  Object.entries(rules as Record<string, Entry>).flatMap(([type, entry]) =>
    isRule(entry)
      ? [[type, entry] as [string, IRule]]
      : Object.entries(entry).map(([field, one]): [string, IRule] => [`${type}.${field}`, one]),
  );

/** The same rules, one of which can be changed while they are in use. */
export class SwitchableRules {
  readonly rules: IRules;
  readonly names: readonly string[];
  #changed: { name: string; change: Change } | null = null;

  constructor(rules: IRules) {
    const switches = new Map(entriesOf(rules).map(([name, one]) => [name, this.#switch(name, one)]));
    this.names = [...switches.keys()];
    const entries = Object.entries(rules as Record<string, Entry>).map(([type, entry]) => {
      if (isRule(entry)) return [type, switches.get(type)!];
      return [type, Object.fromEntries(Object.keys(entry).map((f) => [f, switches.get(`${type}.${f}`)!]))];
    });
    this.rules = Object.fromEntries(entries) as IRules;
  }

  /** Changes one rule and puts the one back that was changed before; null: changes none. */
  change(name: string | null, change: Change = 'allow'): void {
    this.#changed = name === null ? null : { name, change };
  }

  #switch(name: string, original: IRule): IRule {
    return rule(`switch ${name}`, { cache: 'no_cache' })((parent, args, context, info) =>
      this.#changed?.name === name
        ? WEAKER[this.#changed.change](context as { viewer: unknown })
        : original.resolve(parent as object, args as object, context as never, info, {} as never),
    );
  }
}
