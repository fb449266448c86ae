/**
 * The form under which two spellings of an e-mail address are one person: NFC, lower case, without surrounding space.
 * Dots and `+tags` are kept: whether they matter is up to each mail provider.
 */
export function emailKey(email: string): string {
  return email.normalize('NFC').trim().toLowerCase();
}
