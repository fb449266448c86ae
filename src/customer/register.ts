import { isUniqueViolation } from '../store/unique-violation.ts';
import type { Caller, CustomerContext } from './context.ts';
import { EmailTakenError, InvalidInputError, type InputIssue } from './errors.ts';
import { insertCustomers } from './insert.ts';
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

/** The registration with its manager. @throws {InvalidInputError} */
export async function checkedRegistration(
  { store }: CustomerContext,
  { viewer }: Pick<Caller, 'viewer'>,
  registration: Registration,
): Promise<Registration & { managerId: string | null }> {
  const { email, name, managerId = viewer.manager } = registration;
  const issues: InputIssue[] = [];
  if (email === null && !name?.trim())
    issues.push({ path: 'email', message: 'Give an e-mail address or a name.' });
  if (name !== null && name.length > MAX_NAME)
    issues.push({ path: 'name', message: `At most ${MAX_NAME} characters.` });
  const known = managerId === null || (await managersByIds(store, viewer, [managerId]))[0];
  if (!known) issues.push({ path: 'managerId', message: 'There is no such manager.' });
  if (managerId === null && viewer.role === 'RESALE')
    issues.push({ path: 'managerId', message: 'A customer of a reseller needs a manager.' });
  if (issues.length > 0) throw new InvalidInputError(issues);
  return { ...registration, managerId };
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
