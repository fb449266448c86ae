/** A user of the tenant; apps and the end of it are the simulation's own. */
export interface User {
  id: number;
  username: string | null;
  email: string | null;
  firstname: string | null;
  lastname: string | null;
  /** 0 unactivated, 1 active, 2 suspended. */
  status: number;
  created_at: string;
  last_login: string | null;
  apps: { id: number; name: string }[];
  /** When the app assignments are gone and the user with them; null while no delete was asked for. */
  goneAt: number | null;
}

/** Whether the user is still there, be it as one that is being deleted. */
export const present = (user: User): boolean => user.goneAt === null || user.goneAt > Date.now();

/** The user as the API shows it. */
export function shown(user: User): object {
  const { apps: _apps, goneAt, ...fields } = user;
  return goneAt === null ? fields : { ...fields, lastname: `${fields.lastname ?? ''} (Deleting)` };
}

/** A user who was there before the first call. */
export function seededUser(
  id: number,
  email: string,
  firstname: string,
  lastname: string,
  apps: string[],
): User {
  return {
    id,
    username: email,
    email,
    firstname,
    lastname,
    status: 1,
    created_at: '2023-06-01T08:00:00.000Z',
    last_login: null,
    apps: apps.map((name, i) => ({ id: 700 + i, name })),
    goneAt: null,
  };
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** A user as a create call describes it. Assumed: active with a password, unactivated without. */
export function newUser(fields: Record<string, unknown>, id: number): User {
  return {
    id,
    username: textOf(fields['username']),
    email: textOf(fields['email']),
    firstname: textOf(fields['firstname']),
    lastname: textOf(fields['lastname']),
    status: textOf(fields['password']) ? 1 : 0,
    created_at: new Date().toISOString(),
    last_login: null,
    apps: [],
    goneAt: null,
  };
}
