import { isUniqueViolation } from '../store/unique-violation.ts';
import { reachOf } from '../access/viewer.ts';
import { isPlain } from './account-key.ts';
import type { Caller, CustomerContext } from './context.ts';
import { EmailTakenError, InvalidInputError, type InputIssue } from './errors.ts';
import { insertCustomers, type NewCustomer } from './insert.ts';
import { managersByIds } from './managers.ts';

/** A customer to be known from now on. */
export interface Registration {
  email: string | null;
  name: string | null;
  /** Undefined: the viewer's own, where the viewer acts for one. */
  managerId?: string | null | undefined;
  testCustomer: boolean;
}

const MAX_NAME = 200;
/** RFC 5321, section 4.5.3.1.3, less the brackets. */
const MAX_EMAIL = 254;

/** The customer that a registration makes, whose address is confirmed by who reaches all. @throws {InvalidInputError} */
export async function checkedRegistration(
  { store }: CustomerContext,
  { viewer }: Pick<Caller, 'viewer'>,
  registration: Registration,
): Promise<NewCustomer> {
  const { email, name, managerId = viewer.manager, testCustomer } = registration;
  const issues: InputIssue[] = [];
  if (email === null && !name?.trim())
    issues.push({ path: 'email', message: 'Give an e-mail address or a name.' });
  if (name !== null && (name.length > MAX_NAME || !isPlain(name)))
    issues.push({ path: 'name', message: `At most ${MAX_NAME} characters, without control characters.` });
  if (email !== null && email.length > MAX_EMAIL)
    issues.push({ path: 'email', message: `At most ${MAX_EMAIL} characters.` });
  const known = managerId === null || (await managersByIds(store, viewer, [managerId]))[0];
  if (!known) issues.push({ path: 'managerId', message: 'There is no such manager.' });
  if (managerId === null && viewer.role === 'RESALE')
    issues.push({ path: 'managerId', message: 'A customer of a reseller needs a manager.' });
  if (issues.length > 0) throw new InvalidInputError(issues);
  return { email, name, managerId, testCustomer, emailConfirmed: reachOf(viewer).everyone };
}

/** Makes a customer known. Returns the id. @throws {InvalidInputError | EmailTakenError} */
export async function registerCustomer(
  context: CustomerContext,
  by: Caller,
  registration: Registration,
): Promise<string> {
  const checked = await checkedRegistration(context, by, registration);
  const who = { actor: by.viewer, requestId: by.requestId };
  const [id] = await context.store
    .transaction((tx) => insertCustomers(tx, [checked], who, context.clock.now()))
    .catch((error: unknown) => {
      throw isUniqueViolation(error) ? new EmailTakenError() : error;
    });
  return id!;
}
