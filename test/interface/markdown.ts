/** A paragraph a line; what is empty is left out. */
export const paragraphs = (...parts: (string | null | undefined)[]): string =>
  parts.filter((part) => part).join('\n\n');

export const code = (text: string): string => `\`${text}\``;

/** The place of a heading, as GitHub names it. */
export const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');

export const link = (text: string, heading: string): string => `[${text}](#${anchor(heading)})`;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** A table; null when it has no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string | null {
  if (rows.length === 0) return null;
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map(cell).join(' | ')} |`)
    .join('\n');
}
