import type { Api, GraphqlAnswer } from './api.ts';
import { MovableClock } from './movable-clock.ts';
import type { TokenClaims } from './tokens.ts';

export const REVOKE = `mutation ($input: RevokeTokensInput!) { revokeTokens(input: $input) {
  __typename
  ... on RevokeTokensPayload { revocation { jti subject revokedAt } }
  ... on InvalidInputError { issues { path } }
} }`;

/** Revokes tokens, and answers whatever comes. */
export async function revoke(api: Api, input: object): Promise<GraphqlAnswer['data']> {
  return (await api.data(REVOKE, { input: { reason: 'a laptop was stolen', ...input } })).revokeTokens;
}

const BEHIND_MS = 10_000;

/**
 * The time of a gateway that is behind the issuer's: a token that is issued now was issued after what is revoked now,
 * with clear space between them, and nobody has to wait for that.
 */
export function clockBehind(): MovableClock {
  const clock = new MovableClock();
  clock.forward(-BEHIND_MS);
  return clock;
}

/** Of a token that was issued before whatever is revoked now. */
export const earlier = (claims: Partial<TokenClaims> = {}): TokenClaims => ({
  role: 'ADMIN',
  issuedAgo: 60,
  ...claims,
});
