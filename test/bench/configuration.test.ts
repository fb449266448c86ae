import { expect, test } from 'vitest';
import { z } from 'zod';
import { variables } from '../../src/config-variables.ts';
import { providers } from '../../src/providers/index.ts';
import { Secret } from '../../src/providers/secret.ts';
import { environment, integrations } from './gateway.ts';

/** All in which the environment of the gateway that is measured differs from one of which nothing is said. */
const VARIABLES: Readonly<Record<string, string>> = {
  PORT: 'any that is free',
  DATA_DIR: 'a folder of the run',
  INTEGRATIONS_FILE: 'has to be given',
  AUTH_ISSUER: 'has to be given',
  AUTH_AUDIENCE: 'has to be given',
  AUTH_PUBLIC_KEY_FILE: 'this or a URL has to be given',
  SIGNING_KEY_FILE: 'has to be given',
  FINGERPRINT_KEY_FILE: 'has to be given',
  UNSAFE_ALLOW_HTTP_PROVIDERS: 'the simulated vendors have no TLS, for raw neither',
  UNSAFE_ALLOW_PRIVATE_PROVIDERS: 'the simulated vendors are on this machine',
  RATE_LIMIT: 'kept, and as wide as it goes: the few callers ask more than people do',
  MANAGER_RATE_LIMIT: 'as wide as it goes',
};

/** All that is said of an integration and could be left unsaid. */
const CHOICES: Readonly<Record<string, string>> = {
  'particle.settings.baseUrl': 'where the simulated vendor is',
  'engagelab.settings.baseUrl': 'where the simulated vendor is',
  'learn.settings.baseUrl': 'where the simulated vendor is',
  'learn.settings.auth': 'one of two ways to sign in; it costs a call an hour',
  'vpn.settings.lookup': 'the simulated API has the lookup, without which there is nothing to read',
  'particle.limits': 'a rate limit, kept and wider than the machine can ask',
  'engagelab.limits': 'likewise',
  'learn.limits': 'likewise',
  'vpn.limits': 'likewise',
  'onelogin.limits': 'likewise',
};

const URLS = Object.fromEntries(
  ['particle', 'engagelab', 'learn', 'vpn', 'onelogin'].map((id) => [id, `http://${id}.test`]),
);

/** What a setting comes to: its value, or why there is none. */
const effect = (schema: z.ZodType, text: string | undefined): unknown => {
  const { success, data, error } = schema.safeParse(text);
  return success ? data : z.prettifyError(error);
};

const given = environment('/run', 0);
const entries = integrations(URLS);

test('the environment differs from the defaults in what is named, and in nothing else', () => {
  const differing = Object.entries(variables)
    .filter(([name, schema]) => {
      return JSON.stringify(effect(schema, given[name])) !== JSON.stringify(effect(schema, undefined));
    })
    .map(([name]) => name);
  expect(differing.toSorted()).toEqual(Object.keys(VARIABLES).toSorted());
});

test('nothing else is in the environment but the secrets of the integrations', () => {
  const secrets = [...JSON.stringify(entries).matchAll(/"env":"(\w+)"/g)].map(([, name]) => name!);
  const known = new Set([...Object.keys(variables), ...secrets, 'PATH']);
  expect(secrets.length).toBeGreaterThan(4);
  expect(Object.keys(given).filter((name) => !known.has(name))).toEqual([]);
});

/** Puts something in the place of secrets, which the file only refers to. */
const withSecrets = (settings: object): object =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'object' ? new Secret('secret') : value,
    ]),
  );

test('the integrations say what they have to, what is named, and nothing else', () => {
  const choices = entries.flatMap(({ id, provider, settings, ...rest }) => {
    const schema = providers.find((one) => one.id === provider)!.settings;
    const whole = withSecrets(settings);
    expect(schema.safeParse(whole).success, id).toBe(true);
    const unneeded = Object.keys(settings).filter((name) => {
      const { [name as keyof typeof whole]: _left, ...others } = whole;
      return schema.safeParse(others).success;
    });
    return [
      ...unneeded.map((name) => `${id}.settings.${name}`),
      ...Object.keys(rest).map((name) => `${id}.${name}`),
    ];
  });
  expect(choices.toSorted()).toEqual(Object.keys(CHOICES).toSorted());
  for (const { limits } of entries)
    expect(limits).toEqual({ rateLimit: { requests: 1_000_000, perSeconds: 10 } });
});
