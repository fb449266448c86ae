/** Shorter ones say nothing of anybody, and are in every text. */
const SHORTEST = 3;

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);

/** A text in which some words, in whatever case, are struck out. */
export function withoutWords(text: string, words: readonly string[]): string {
  const telling = words.filter((word) => word.length >= SHORTEST).toSorted((a, b) => b.length - a.length);
  if (telling.length === 0) return text;
  return text.replace(new RegExp(telling.map(literal).join('|'), 'giu'), '***');
}
