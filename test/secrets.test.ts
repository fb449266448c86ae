import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../src/store/store.ts';
import { Api } from './support/api.ts';
import { serveCommand, type Ended, type Served } from './support/command.ts';
import { DELETE, ERASURE, PROGRESS } from './support/documents.ts';
import { dumpOfTables } from './support/dump.ts';
import { postExport } from './support/exports.ts';
import { startFleet, type Fleet } from './support/fleet.ts';
import { signingKeys } from './support/signing-keys.ts';
import { FINGERPRINT_KEY_TEXT } from './support/fingerprint-key.ts';
import { secretsIn } from './support/spellings.ts';
import { mintToken, tokenSettings } from './support/tokens.ts';

/** Of a receiver of events that is not there. */
const WEBHOOK_SECRET = `whsec_${Buffer.from('a key that receivers know').toString('base64')}`;

/** A token that nobody has signed. */
const WRONG_TOKEN = `${Buffer.from('{"alg":"EdDSA"}').toString('base64url')}.Y2FuYXJ5.Y2FuYXJ5LW9mLWEtdG9rZW4`;

const REASON = 'the-reason-that-is-kept';

const FIND = `query ($email: EmailAddress!) {
  customerByEmail(email: $email) { id accounts {
    ... on Account { externalId integration { id } }
    ... on AccountFailure { code message integration { id health { why } } }
  } }
}`;

const PLAN = `query ($id: ID!) {
  erasurePlan(customerId: $id) { items { presence } blockers { code message integration { id } } }
}`;

let fleet: Fleet;
let folder: string;

beforeAll(async () => {
  fleet = await startFleet();
  folder = mkdtempSync(join(tmpdir(), 'customer-gateway-secrets-'));
  writeFileSync(join(folder, 'integrations.json'), JSON.stringify(fleet.entries));
  writeFileSync(join(folder, 'proofs.pem'), signingKeys);
  const secret = { env: 'WEBHOOK_SECRET' };
  const webhooks = [{ id: 'nobody', url: 'https://127.0.0.1:9/canary-of-a-path', secret }];
  writeFileSync(join(folder, 'webhooks.json'), JSON.stringify(webhooks));
  writeFileSync(join(folder, 'tokens.pem'), (tokenSettings.key as { publicKey: string }).publicKey);
  writeFileSync(join(folder, 'fingerprints.key'), FINGERPRINT_KEY_TEXT);
  const store = await openStore({ folder: join(folder, 'data') });
  await fleet.register(store);
  await store.close();
});

afterAll(async () => {
  await fleet.close();
  rmSync(folder, { recursive: true });
});

const serve = (): Promise<Served> =>
  serveCommand({
    folder,
    env: {
      PORT: '0',
      INTEGRATIONS_FILE: 'integrations.json',
      WEBHOOKS_FILE: 'webhooks.json',
      WEBHOOK_SECRET,
      AUTH_ISSUER: tokenSettings.issuer,
      AUTH_AUDIENCE: tokenSettings.audience,
      AUTH_PUBLIC_KEY_FILE: 'tokens.pem',
      SIGNING_KEY_FILE: 'proofs.pem',
      FINGERPRINT_KEY_FILE: 'fingerprints.key',
      UNSAFE_ALLOW_HTTP_PROVIDERS: 'true',
      UNSAFE_ALLOW_PRIVATE_PROVIDERS: 'true',
      UNSAFE_ALLOW_PRIVATE_WEBHOOKS: 'true',
      LOG_LEVEL: 'trace',
      ...fleet.secrets,
    },
  });

/** Tokens that the vendors have issued to the gateway. */
async function issuedTokens(): Promise<string[]> {
  const { 'particle-eu': particle, learn, onelogin } = fleet.vendors;
  const states = await Promise.all(
    [particle, learn, onelogin].map((vendor) => vendor.state<{ tokens: { token: string }[] }>()),
  );
  return states.flatMap(({ tokens }) => tokens.map(({ token }) => token));
}

/** Requests that fail, each with something that no log may repeat. */
async function mistakes(url: string): Promise<string> {
  const send = async (path: string, headers: Record<string, string>, body: string): Promise<string> => {
    const response = await fetch(new URL(path, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    return response.text();
  };
  const { email } = fleet;
  const find = JSON.stringify({ query: FIND, variables: { email } });
  const answers = await Promise.all([
    send('/graphql', { authorization: `Bearer ${WRONG_TOKEN}` }, find),
    send('/graphql', { authorization: WRONG_TOKEN }, find),
    send('/graphql', {}, find),
    send('/graphql', {}, `{"query":"{ ${email} }"}`),
    send('/graphql', {}, email),
    send('/graphql', { 'content-type': email }, find),
    send(`/graphql?access_token=${WRONG_TOKEN}&email=${email}`, {}, find),
    send(`/customers/${encodeURIComponent(email)}`, {}, find),
    send('/export', { authorization: `Bearer ${WRONG_TOKEN}` }, JSON.stringify({ customerId: email })),
  ]);
  return answers.join('\n');
}

/** A find, a plan, an export and a deletion that fails where the credentials do. Returns all answers as text. */
async function work(api: Api): Promise<string> {
  const refused = await mistakes(api.url);
  const found = await api.send(FIND, { email: fleet.email });
  const { id } = found.data.customerByEmail;
  const planned = await api.send(PLAN, { id });
  const exported = await (
    await postExport(api.url, { role: 'ADMIN' }, { customerId: id, reason: REASON })
  ).text();
  const { complete, failures } = JSON.parse(exported) as { complete: boolean; failures: unknown[] };
  expect({ complete, failures: failures.length }).toEqual({ complete: false, failures: 2 });
  const requested = await api.send(DELETE, { input: { customerId: id, reason: REASON } });
  const erasureId = requested.data.deleteCustomer.erasure.id;
  const progress = await api.watch(PROGRESS, { id: erasureId });
  const ended = await api.send(ERASURE, { id: erasureId });
  const failed = ended.data.erasure.tasks
    .filter(({ state }: { state: string }) => state === 'FAILED')
    .map((task: { integrationId: string; errorCode: string }) => [task.integrationId, task.errorCode]);
  expect(Object.fromEntries(failed)).toEqual({
    'particle-us': 'FORBIDDEN',
    'web-push': 'UNAUTHENTICATED',
    learn: 'FORBIDDEN',
  });
  const health = await api.send(`{ integrations { id health { why } } }`);
  const answers = [found, planned, requested, progress, ended, health];
  return [exported, refused, ...answers.map((answer) => JSON.stringify(answer))].join('\n');
}

test('a search finds a secret in whatever spelling', () => {
  const secret = 'a secret/with "odd" parts?';
  const basic = Buffer.from(`client:${secret}`).toString('base64');
  const hidden = [
    secret,
    JSON.stringify({ secret }),
    encodeURIComponent(secret),
    basic,
    Buffer.from(`id:${secret}:x`).toString('base64url'),
    Buffer.from(secret).toString('hex'),
  ];
  expect(hidden.flatMap((text) => secretsIn(text, [secret]))).toEqual(hidden.map(() => secret));
  expect(secretsIn('nothing here', [secret])).toEqual([]);
});

/** Where the design puts who a customer is: the directory, and what an erasure has to delete as long as it may go on. */
const PERSONAL_TABLES = ['public.customer', 'public.link', 'public.task'];

test('no secret comes out of a gateway that logs all it can, and nothing personal but where it belongs', async () => {
  const gateway = await serve();
  const token = await mintToken({ role: 'ADMIN' });
  let answers = '';
  let ended: Ended;
  try {
    answers = await work(new Api(gateway.url, token));
  } finally {
    ended = await gateway.stop();
  }
  const store = await openStore({ folder: join(folder, 'data') });
  const tables = await dumpOfTables(store);
  await store.close();
  const stored = [...tables.values()].join('\n');
  expect(ended.out).toContain('"msg":"stopping"');
  expect(stored).toContain(REASON);
  expect(stored).toMatch(/nobody,msg_\w{32},erasure\.requested.*ECONNREFUSED/);
  expect([...tables.keys()]).toContain('dbos.workflow_status');

  const secrets = [
    FINGERPRINT_KEY_TEXT,
    ...Object.values(fleet.secrets),
    ...(await issuedTokens()),
    WEBHOOK_SECRET.slice('whsec_'.length),
    'canary-of-a-path',
    ...[token, WRONG_TOKEN].map((jwt) => jwt.slice(jwt.lastIndexOf('.') + 1)),
  ];
  expect(secrets.length).toBeGreaterThanOrEqual(12);
  const places = { out: ended.out, err: ended.err, answers, stored };
  for (const [place, text] of Object.entries(places)) expect(secretsIn(text, secrets), place).toEqual([]);

  const personal = [fleet.email, ...fleet.personal];
  expect(secretsIn(ended.out + ended.err, personal)).toEqual([]);
  const holders = [...tables].filter(([, text]) => secretsIn(text, personal).length > 0);
  expect(holders.map(([name]) => name).toSorted()).toEqual(PERSONAL_TABLES);
}, 120_000);
