import pino, { type Logger } from 'pino';
import type { IntegrationConfig } from '../../src/providers/index.ts';
import { Secret } from '../../src/providers/secret.ts';

/** An address of one of the sandbox's people, also as a URL carries it; and what a token begins with. */
const PERSONAL_OR_TOKEN = /[\w.+-]+(@|%40)example\.(com|net|org)|eyJhbGciOi/i;

/** A log that nobody reads, and what it should not have been told. */
export interface WatchedLog {
  log: Logger;
  leaks: string[];
}

const secretsOf = ({ settings }: IntegrationConfig): string[] =>
  Object.values(settings as object).flatMap((value) => (value instanceof Secret ? [value.reveal()] : []));

/** Looks in every line for credentials, tokens and people. */
export function watchedLog(integrations: readonly IntegrationConfig[]): WatchedLog {
  const secrets = integrations.flatMap(secretsOf);
  const leaks: string[] = [];
  const write = (line: string): void => {
    if (PERSONAL_OR_TOKEN.test(line) || secrets.some((secret) => line.includes(secret))) leaks.push(line);
  };
  return { log: pino({ level: 'trace' }, { write }), leaks };
}
