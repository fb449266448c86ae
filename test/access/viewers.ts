import { ROLES, SCOPES, type Asker, type Scope } from './oracle.ts';

/** Somebody who calls the gateway. */
export interface Caller {
  name: string;
  asker: Asker;
  /** Whether a token is sent that is not valid. */
  badToken?: boolean;
}

const NOBODY: Caller[] = [
  { name: 'no token', asker: null },
  { name: 'bad token', asker: null, badToken: true },
];

const withScopes = (sets: readonly (readonly [string, readonly Scope[]])[]): Caller[] =>
  ROLES.flatMap((role) =>
    sets.map(([name, scopes]) => ({ name: `${role}, ${name}`, asker: { role, scopes } })),
  );

/** Every role with a token of no scope, each one, all, and all but each; also scopes that the role cannot have. */
export const CALLERS: readonly Caller[] = [
  ...NOBODY,
  ...withScopes([
    ['no scope', []],
    ['every scope', SCOPES],
    ...SCOPES.map((scope) => [scope, [scope]] as const),
    ...SCOPES.map((scope) => [`every scope but ${scope}`, SCOPES.filter((one) => one !== scope)] as const),
  ]),
];

/** Every role with every set of scopes. */
export const everyCaller = (): Caller[] => [
  ...NOBODY,
  ...withScopes(
    Array.from({ length: 2 ** SCOPES.length }, (_, bits) => {
      const scopes = SCOPES.filter((_scope, i) => bits & (2 ** i));
      return [scopes.join(' ') || 'no scope', scopes] as const;
    }),
  ),
];
