import { emailKey } from './email.ts';

/** By what a customer is looked for: the id, or the e-mail address as addresses are compared. */
export type Door = { id: string } | { emailKey: string };

export const nameOf = (door: Door): string => ('id' in door ? `id ${door.id}` : `email ${door.emailKey}`);

/** An e-mail address, in any case. */
export const byEmailAddress = (email: string): Door => ({ emailKey: emailKey(email) });
