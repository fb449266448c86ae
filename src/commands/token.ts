import { ROLES, type Role } from '../access/viewer.ts';
import { DEMO_FOLDER, mintDemoToken } from './demo-keys.ts';
import { UsageError } from './usage-error.ts';

export interface TokenOptions {
  role: string;
  manager: string | undefined;
  subject: string | undefined;
  scopes: string | undefined;
}

/** Prints a token for the demo that runs, or ran last, in this folder. */
export async function token({ role, manager, subject, scopes }: TokenOptions): Promise<number> {
  if (!ROLES.includes(role as Role)) throw new UsageError(`--role must be one of ${ROLES.join(', ')}`);
  if (role === 'RESALE' && !manager) throw new UsageError('--role RESALE needs --manager');
  try {
    const wanted = { role: role as Role, ...(manager && { manager }), ...(subject && { subject }) };
    console.log(
      await mintDemoToken(DEMO_FOLDER, { ...wanted, ...(scopes && { scopes: scopes.split(' ') }) }),
    );
    return 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error('there is no demo key in this folder: run the demo first', { cause: error });
  }
}
