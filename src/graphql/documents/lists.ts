import { badRequest } from '../refusals.ts';

/** The longest list that an argument takes, or that any part of it has. */
const MAX_ITEMS = 100;

/** How deep variables may be nested. */
const MAX_DEPTH = 20;

/** @throws {GraphQLError} `BAD_USER_INPUT` */
export function checkItems(count: number): void {
  if (count > MAX_ITEMS) throw badRequest(`A list may have at most ${MAX_ITEMS} items; here are ${count}.`);
}

/** PostgreSQL has no text with U+0000 in it. @throws {GraphQLError} `BAD_USER_INPUT` */
export function checkText(text: string): void {
  if (text.includes('\0')) throw badRequest('Text must not contain U+0000.');
}

/** Looks through variables for lists that are too long, and text that cannot be kept. @throws {GraphQLError} `BAD_USER_INPUT` */
export function checkVariables(value: unknown, depth = 0): void {
  if (typeof value === 'string') checkText(value);
  if (value === null || typeof value !== 'object') return;
  if (depth > MAX_DEPTH) throw badRequest(`Variables may be nested at most ${MAX_DEPTH} deep.`);
  if (Array.isArray(value)) checkItems(value.length);
  for (const inner of Object.values(value)) checkVariables(inner, depth + 1);
}
