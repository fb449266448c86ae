import type { HttpCall } from './http.ts';

const BASIC = /^basic /i;

/** The credentials that a call carries: a token, or the secret of a client. */
function credentialsOf({ headers, form }: HttpCall): string[] {
  const header = headers?.['authorization'] ?? '';
  const value = header.split(/[\s:]+/).at(-1)!;
  const decoded = BASIC.test(header) ? Buffer.from(value, 'base64').toString('utf8') : '';
  const password = decoded.slice(decoded.indexOf(':') + 1);
  return [value, password, form?.['client_secret'] ?? ''].filter((credential) => credential !== '');
}

/** A provider's words without the credential that the call carried: some vendors quote what they refuse. */
export function redact(words: string | undefined, call: HttpCall): string | undefined {
  return credentialsOf(call).reduce((text, credential) => text?.replaceAll(credential, '***'), words);
}
