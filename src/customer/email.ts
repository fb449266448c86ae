/**
 * The form under which two spellings of an e-mail address are one person: NFC, lower case, without surrounding space
 * and without the dot that may end a domain name (RFC 1034, section 3.1). Dots and `+tags` before the `@` are kept:
 * whether they matter is up to each mail provider.
 */
export function emailKey(email: string): string {
  return email.normalize('NFC').trim().toLowerCase().replace(/\.$/, '');
}
