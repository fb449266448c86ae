import type { Person } from './people.ts';
import type { Answer, Call, VendorDefinition } from './vendor.ts';

interface State {
  customers: {
    userId: string;
    email: string;
    activeSubscription: boolean;
    createdAt: string;
    deletedAt: string | null;
  }[];
}

interface VpnAssumptions extends Record<string, string | number | boolean> {
  /** Whether `GET /customer/:userID` exists. The vendor documents the delete alone. */
  lookup: boolean;
  /** What deleting a soft-deleted customer again answers. */
  deleteAgain: 'NOT_FOUND' | 'SUCCESS';
}

export const VPN_TOKEN = 'sandbox-vpn-token';

const refusal = (status: number, message: string): Answer => ({ status, json: { success: false, message } });

const authorised =
  (handle: (call: Call, state: State, assumptions: VpnAssumptions) => Answer) =>
  (call: Call, state: State, assumptions: VpnAssumptions): Answer =>
    call.headers.authorization === `Bearer ${VPN_TOKEN}`
      ? handle(call, state, assumptions)
      : refusal(401, 'Unauthorized');

function remove(call: Call, state: State, assumptions: VpnAssumptions): Answer {
  const customer = state.customers.find((c) => c.userId === call.params['userId']);
  if (!customer || (customer.deletedAt !== null && assumptions.deleteAgain === 'NOT_FOUND')) {
    return refusal(404, 'Customer not found');
  }
  if (customer.activeSubscription) return refusal(409, 'Customer has active subscription');
  customer.deletedAt ??= new Date().toISOString();
  const json = { success: true, message: 'Customer deleted successfully', deletedAt: customer.deletedAt };
  return { status: 200, json };
}

/**
 * The VPN reseller API. Source of the delete: docs.myidvirtual.com/api-reference/customers/delete.
 * Assumed: the whole lookup, the bodies of the refusals, and what a second delete answers.
 */
export const vpn = (people: readonly Person[]): VendorDefinition<State, VpnAssumptions> => ({
  name: 'vpn',
  assumptions: { lookup: true, deleteAgain: 'NOT_FOUND' },
  noRoute: { status: 404, json: { statusCode: 404, message: 'Cannot find the route', error: 'Not Found' } },
  rateLimited: (seconds) => ({
    ...refusal(429, 'Too many requests'),
    ...(seconds !== undefined && { headers: { 'retry-after': String(seconds) } }),
  }),
  seed: () => ({
    customers: people.flatMap((p) =>
      p.vpn ? [{ ...p.vpn, email: p.email, createdAt: '2024-01-15T09:00:00.000Z', deletedAt: null }] : [],
    ),
  }),
  routes: {
    'DELETE /customer/:userId': authorised(remove),
    'GET /customer/:userId': authorised((call, state, { lookup }) => {
      const customer = state.customers.find((c) => c.userId === call.params['userId']);
      if (!lookup || !customer || customer.deletedAt) return refusal(404, 'Customer not found');
      return { status: 200, json: { success: true, customer } };
    }),
  },
});
