import type { GraphqlAnswer } from './api.ts';
import { mintToken, type TokenClaims } from './tokens.ts';

/** The document that `exportCustomer` answers, or the error in its place. */
export const EXPORT = `mutation ($input: ExportCustomerInput!) {
  exportCustomer(input: $input) {
    __typename ... on ExportCustomerPayload { document } ... on Error { message }
  }
}`;

/** Sends `POST /export` to the gateway whose GraphQL is at a URL. */
export async function postExport(
  url: string,
  claims: TokenClaims | null,
  body: unknown,
  init: RequestInit = {},
): Promise<Response> {
  const headers = new Headers({ 'content-type': 'application/json' });
  if (claims) headers.set('authorization', `Bearer ${await mintToken(claims)}`);
  for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(url.replace('/graphql', '/export'), { method: 'POST', body: text, ...init, headers });
}

/** One of a document's accounts. */
export const accountAt = (document: GraphqlAnswer['data'], integrationId: string): GraphqlAnswer['data'] =>
  document.accounts.find((account: { integrationId: string }) => account.integrationId === integrationId);
