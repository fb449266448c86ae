import { ONELOGIN, PARTICLE, call, engagelab, learn, onelogin, vpn, type Customer } from './sources.ts';

interface SideEffect {
  code: string;
  count: number;
  names: string[];
}

/** What a plan says of an account that is there. */
const item = (
  integration: string,
  externalId: unknown,
  afterwards: { leaves: string; verifiedWithinSeconds: number },
  { sideEffects = [], warnings = [] }: { sideEffects?: SideEffect[]; warnings?: string[] } = {},
) => ({
  integration: { id: integration },
  presence: 'FOUND',
  externalId,
  leaves: afterwards.leaves,
  canBeVerified: true,
  verifiedWithinSeconds: afterwards.verifiedWithinSeconds,
  sideEffects,
  warnings: warnings.map((code) => ({ code })),
});

const effects = (code: string, names: string[]): SideEffect[] =>
  names.length > 0 ? [{ code, count: names.length, names }] : [];

interface Row {
  username: string;
  owner: string;
  id: string;
}

/** Rows of one of Particle's lists, page by page until it is known enough. */
async function list(collection: 'customers' | 'devices', isEnough: (rows: Row[]) => boolean): Promise<Row[]> {
  const rows: Row[] = [];
  for (let page = 1, pages = 1; page <= pages && !isEnough(rows); page++) {
    const body = await call('particle', PARTICLE.page(collection, page), PARTICLE.token);
    rows.push(...(body[collection] as Row[]));
    pages = body.meta.total_pages;
  }
  return rows;
}

async function particleItem(email: string) {
  const isWanted = ({ username }: Row): boolean => username === email;
  const { username } = (await list('customers', (rows) => rows.some(isWanted))).find(isWanted)!;
  const devices = (await list('devices', () => false)).filter(({ owner }) => owner === username);
  const sideEffects = effects(
    'CLAIMED_DEVICES',
    devices.map(({ id }) => id),
  );
  return item('particle', username, { leaves: 'REMOVED', verifiedWithinSeconds: 36 }, { sideEffects });
}

async function oneloginItem({ person, email }: Customer) {
  const byEmail = call('onelogin', `/api/2/users?email=${encodeURIComponent(email)}`, ONELOGIN.token);
  const [user] = await onelogin([person]);
  const apps = await call('onelogin', `/api/2/users/${String(user!['externalId'])}/apps`, ONELOGIN.token);
  await byEmail;
  const sideEffects = effects(
    'APPS',
    (apps as { name: string }[]).map(({ name }) => name),
  );
  const afterwards = { leaves: 'REMOVED', verifiedWithinSeconds: 756 };
  return item('onelogin', user!['externalId'], afterwards, { sideEffects });
}

async function engagelabItem({ person }: Customer) {
  const { externalId, alias, tags } = await engagelab(person);
  const names = [
    ...(tags as string[]).map((tag) => `tag ${tag}`),
    ...(alias ? [`alias ${alias as string}`] : []),
  ];
  const sideEffects = effects('TAGS_AND_ALIAS', names);
  const afterwards = { leaves: 'REMOVED', verifiedWithinSeconds: 384 };
  return item('engagelab', externalId, afterwards, { sideEffects, warnings: ['MAY_REAPPEAR'] });
}

async function learnItem({ person }: Customer) {
  const [user] = await learn([person]);
  const afterwards = { leaves: 'REDACTED', verifiedWithinSeconds: 36 };
  return item('learn', user!['externalId'], afterwards, { warnings: ['HISTORY_STAYS'] });
}

/** The plan of a customer, by the gateway's calls: everyone at once, what hangs on an account after it. */
export async function planOf(customer: Customer): Promise<object> {
  const [subscriber, ...others] = await Promise.all([
    vpn(customer.person),
    particleItem(customer.email),
    engagelabItem(customer),
    learnItem(customer),
    oneloginItem(customer),
  ]);
  const vpnItem = item('vpn', subscriber['externalId'], {
    leaves: 'SOFT_DELETED',
    verifiedWithinSeconds: 36,
  });
  const integration = { id: 'vpn' };
  return {
    hash: 'hash',
    expiresAt: 'expiresAt',
    customer: { id: customer.id, name: customer.name },
    blockers: subscriber['activeSubscription'] ? [{ code: 'ACTIVE_SUBSCRIPTION', integration }] : [],
    items: [vpnItem, ...others],
    pointOfNoReturn: { integration },
  };
}
