import { createHash } from 'node:crypto';
import type { Principal } from '../access/viewer.ts';
import { record } from '../audit/log.ts';
import { InvalidInputError, type InputIssue } from '../customer/errors.ts';
import type { Engine } from '../engine/engine.ts';
import { revoke, type Revoked } from '../revocation/revoke.ts';
import type { ErasureContext } from './context.ts';
import { forbid } from './forbid.ts';
import { checkReason } from './reason.ts';
import { wakeAll } from './wake-all.ts';

/** What is asked for: one of the two, and why. */
export interface RevocationRequest {
  jti: string | null;
  subject: string | null;
  reason: string;
}

const MAX_LENGTH = 255;

function check({ jti, subject }: RevocationRequest): Revoked {
  const value = jti ?? subject;
  const path = jti === null ? 'subject' : 'jti';
  const issues: InputIssue[] = [];
  if ((jti === null) === (subject === null)) issues.push({ path, message: 'Give either jti or subject.' });
  else if (value === '' || value!.length > MAX_LENGTH || /\p{Cc}|\p{Cs}/u.test(value!))
    issues.push({ path, message: `1 to ${MAX_LENGTH} characters, as the tokens have it.` });
  if (issues.length > 0) throw new InvalidInputError(issues);
  return jti === null ? { jti, subject: subject! } : { jti, subject: null };
}

/** What the audit log keeps for ever: a subject may be a person's e-mail address. */
const detailsOf = ({ jti, subject }: Revoked): Record<string, string> =>
  jti === null ? { subjectSha256: createHash('sha256').update(subject).digest('hex') } : { jti };

/**
 * Ends tokens before their time: they are refused, streams that were opened with them end, and what they were used to
 * ask for or to approve stops before its next step. Returns since when.
 *
 * @throws {InvalidInputError}
 */
export async function revokeTokens(
  { store, clock }: ErasureContext,
  engine: Engine,
  { viewer, requestId }: { viewer: Principal; requestId: string },
  request: RevocationRequest,
): Promise<Revoked & { revokedAt: Date }> {
  const revoked = check(request);
  const { reason } = request;
  checkReason(reason);
  const at = clock.now();
  return store.transaction(async (tx) => {
    await forbid(tx);
    const revokedAt = await revoke(tx, revoked, at);
    const entry = { actor: viewer, requestId, reason, details: detailsOf(revoked) };
    await record(tx, { ...entry, action: 'tokens.revoked' }, at);
    await wakeAll(tx, engine);
    return { ...revoked, revokedAt };
  });
}
