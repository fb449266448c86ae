export const ALGORITHMS = ['EdDSA', 'ES256', 'RS256', 'PS256'] as const;

/** What a token may be signed with (RFC 7518, section 3.1; RFC 8037). None is symmetric. */
export type Algorithm = (typeof ALGORITHMS)[number];

export const isAlgorithm = (name: unknown): name is Algorithm =>
  (ALGORITHMS as readonly unknown[]).includes(name);
