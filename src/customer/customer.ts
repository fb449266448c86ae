/** The person, under one id in the gateway. */
export interface Customer {
  id: string;
  /** Null when unknown, and after the customer was erased. */
  email: string | null;
  /** Whether somebody who reaches all customers vouches for the address; only then are accounts found by it. */
  emailConfirmed: boolean;
  name: string | null;
  managerId: string | null;
  testCustomer: boolean;
  createdAt: Date;
  /** When an erasure of everything was completed; from then on the gateway knows nothing personal. */
  erasedAt: Date | null;
}

/** There is no such customer, or it is not the viewer's: the two look the same. */
export class CustomerNotFoundError extends Error {
  override readonly name = 'CustomerNotFoundError';

  constructor() {
    super('There is no such customer.');
  }
}
