import { InvalidInputError } from '../customer/errors.ts';
import type { Identity } from './identity.ts';

/** Any e-mail address, also percent-encoded. */
const ADDRESS = /[^\s@](@|%40)[^\s@]/;
const SPECIAL = /[\\^$.*+?()[\]{}|/]/g;
const NOBODY: Identity = { name: null, keys: [] };

/** Two spellings of a word are one: width, case and space do not count. */
const plain = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();

/** Whether a text holds a word, and not only as a part of another word. */
function holds(text: string, word: string): boolean {
  const literal = plain(word).replace(SPECIAL, '\\$&');
  return literal !== '' && new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, 'u').test(text);
}

/** Whether a text names somebody: by any e-mail address, by all words of the customer's name, or by one of their keys. */
export function isPersonal(text: string, { name, keys }: Identity = NOBODY): boolean {
  const said = plain(text);
  const words = plain(name ?? '').split(' ');
  return (
    ADDRESS.test(said) || words.every((word) => holds(said, word)) || keys.some((key) => holds(said, key))
  );
}

/**
 * Refuses texts that name somebody: they are kept for ever, in the audit log and in receipts.
 *
 * @throws {InvalidInputError} which names the input fields.
 */
export function refusePersonalText(texts: Readonly<Record<string, string | null>>, identity = NOBODY): void {
  const personal = Object.keys(texts).filter((path) => isPersonal(texts[path] ?? '', identity));
  const message = 'Name nobody: no e-mail address, no name and no account id. This text is kept for ever.';
  if (personal.length > 0) throw new InvalidInputError(personal.map((path) => ({ path, message })));
}
