const ALIGNMENTS = [0, 1, 2];
const BITS_OF_BYTE = 8;
const BITS_OF_LETTER = 6;

/** The letters of a Base64 text that a secret alone decides, when so many bytes stand before it. */
function base64Core(secret: string, before: number, encoding: 'base64' | 'base64url'): string {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
  const from = Math.ceil((before * BITS_OF_BYTE) / BITS_OF_LETTER);
  const to = Math.floor((bytes.length * BITS_OF_BYTE) / BITS_OF_LETTER);
  return bytes.toString(encoding).slice(from, to);
}

/** Every text in which a secret can be read back: itself, and as JSON, URLs, hexadecimal and Base64 carry it. */
function spellings(secret: string): string[] {
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('hex'),
    ...ALIGNMENTS.map((before) => base64Core(secret, before, 'base64')),
    ...ALIGNMENTS.map((before) => base64Core(secret, before, 'base64url')),
  ];
}

/** The secrets that a text gives away, in whatever spelling. */
export function secretsIn(text: string, secrets: readonly string[]): string[] {
  return secrets.filter((secret) => spellings(secret).some((spelling) => text.includes(spelling)));
}
