import { z } from 'zod';

/** A JWK Set (RFC 7517, section 5). */
export const jwkSet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });
