import type { AccountKey, Integration } from '../providers/provider.ts';
import { emailKey } from './email.ts';
import { InvalidInputError } from './errors.ts';

/**
 * The form in which a key is stored and compared. E-mail addresses: see {@link emailKey}. Every other kind is the
 * provider's own and stays as it is: a ref may tell cases, spaces and the normal forms of Unicode apart, and a changed
 * one could be somebody else's.
 */
export function normalised({ kind, value }: AccountKey): AccountKey {
  return { kind, value: kind === 'EMAIL' ? emailKey(value) : value };
}

const MAX_LENGTH = 512;

/** Whether a text can be stored and sent: well-formed Unicode without control characters. */
export const isPlain = (text: string): boolean => text.isWellFormed() && !/\p{Cc}/u.test(text);

/** The key in its stored form. @throws {InvalidInputError} when the integration has no such kind or it has another form. */
export function checkedKey({ manifest }: Integration, key: AccountKey): AccountKey {
  const kinds = [...new Set([...manifest.keys.map((rule) => rule.kind), manifest.externalIdKind])];
  if (!kinds.includes(key.kind)) {
    const message = `This integration knows accounts by ${kinds.join(' or ')}.`;
    throw new InvalidInputError([{ path: 'key.kind', message }]);
  }
  const wanted = normalised(key);
  const rule = manifest.keys.find(({ kind }) => kind === key.kind);
  const { value } = wanted;
  const usable =
    isPlain(value) && value.length <= MAX_LENGTH && value.trim() !== '' && !/^\.{1,2}$/.test(value);
  if (!usable || (rule && !rule.pattern.test(value))) {
    const message = `This is not of the form of a ${key.kind} of this integration.`;
    throw new InvalidInputError([{ path: 'key.value', message }]);
  }
  return wanted;
}
