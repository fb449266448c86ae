#!/usr/bin/env node
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from './commands/usage-error.ts';
import { describeVariables } from './config-variables.ts';
import { ConfigError } from './config.ts';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values = Record<string, string | boolean | undefined>;

interface Command {
  summary: string;
  help: string;
  options: Options;
  /** Name of the one operand that it takes; without it, it takes none. */
  operand?: string;
  /** Loads the command only when it runs. Returns the exit code. */
  run(values: Values, operand: string): Promise<number>;
}

const portOf = (value: Values[string], fallback: number): number => {
  const port = value === undefined ? fallback : Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError('--port must be between 0 and 65535');
  return port;
};

const text = (value: Values[string]): string | undefined => (typeof value === 'string' ? value : undefined);

const commands: Record<string, Command> = {
  serve: {
    summary: 'run the gateway as the environment says',
    help: `Settings come from environment variables; every missing or bad one is named, all at once.\n\n${describeVariables()}`,
    options: {},
    run: async () => (await import('./commands/serve.ts')).serve(),
  },
  demo: {
    summary: 'show everything on simulated providers, then go on serving',
    help: '  --exit       end after the job: 0 when everything was as expected, 1 when not\n  --port PORT  port of the gateway, 4000 unless given',
    options: { exit: { type: 'boolean' }, port: { type: 'string' } },
    run: async ({ exit, port }) => {
      const options = { exit: exit === true, port: portOf(port, 4000) };
      return (await import('./commands/demo.ts')).demo(options);
    },
  },
  sandbox: {
    summary: 'run the five simulated providers alone',
    help: '  --port PORT  first of five consecutive ports, 4100 unless given; 0 takes any free ones',
    options: { port: { type: 'string' } },
    run: async ({ port }) => {
      const options = { port: portOf(port, 4100) };
      return (await import('./commands/sandbox.ts')).sandbox(options);
    },
  },
  check: {
    summary: 'try every integration and its credential, changing nothing',
    help: 'Exit code 1 when an integration cannot be reached, its credential is refused or it may not delete;\n2 when the settings are bad; else 0. What a provider does not tell is shown as unknown.',
    options: {},
    run: async () => (await import('./commands/check.ts')).check(),
  },
  'verify-audit': {
    summary: 'verify the audit log against a checkpoint that was kept elsewhere',
    help: "  CHECKPOINT_FILE   the JWS of an auditCheckpoint\n  --keys JWKS_FILE  public keys; without it, those of SIGNING_KEY_FILE\n\nThe log is that of DATABASE_URL or DATA_DIR; on the latter no gateway may run. GATEWAY_NAME is the gateway's.\nExit code 1 when anything is not as it was written; each such thing is a line that says what and where.",
    options: { keys: { type: 'string' } },
    operand: 'CHECKPOINT_FILE',
    run: async ({ keys }, file) => (await import('./commands/verify-audit.ts')).verifyAudit(file, text(keys)),
  },
  token: {
    summary: 'print a token for the demo',
    help: '  --role ROLE       ADMIN, MASTER or RESALE\n  --manager ID      manager that a RESALE token acts for\n  --subject NAME    who the token is issued to\n  --scopes "A B"    scopes, all of the role unless given',
    options: {
      role: { type: 'string' },
      manager: { type: 'string' },
      subject: { type: 'string' },
      scopes: { type: 'string' },
    },
    run: async ({ role, manager, subject, scopes }) => {
      const asked = {
        role: text(role) ?? '',
        manager: text(manager),
        subject: text(subject),
        scopes: text(scopes),
      };
      return (await import('./commands/token.ts')).token(asked);
    },
  },
  schema: {
    summary: 'print the GraphQL schema',
    help: '  --subgraph   as a subgraph for federated routers, with its keys',
    options: { subgraph: { type: 'boolean' } },
    run: async ({ subgraph }) => (await import('./commands/schema.ts')).printTheSchema(subgraph === true),
  },
  'verify-receipt': {
    summary: 'check the receipt of an erasure, offline',
    help: '  FILE         the receipt, as the gateway answers it at /receipts/ID\n  --keys FILE  the public keys of the gateway, as it answers them at /.well-known/jwks.json; - reads them from standard input\n\nExit code 0 when the receipt is genuine, with what it proves; 1 when it is not, with what is wrong; 2 when it could not be checked.',
    options: { keys: { type: 'string' } },
    operand: 'FILE',
    run: async ({ keys }, file) => {
      return (await import('./commands/verify-receipt.ts')).verifyReceiptFile(file, text(keys));
    },
  },
};

function usage(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)} ${summary}`);
  return `Usage: customer-gateway COMMAND [OPTIONS]\n\n${lines.join('\n')}\n\nCOMMAND --help tells more.`;
}

const USAGE_ERROR = 2;

async function main([name = '--help', ...args]: string[]): Promise<number> {
  if (name === '--help' || name === 'help') {
    console.log(usage());
    return 0;
  }
  const command = commands[name];
  if (!command) {
    console.error(`There is no command "${name}".\n\n${usage()}`);
    return USAGE_ERROR;
  }
  const options = { ...command.options, help: { type: 'boolean', short: 'h' } } as const;
  const { operand } = command;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: operand !== undefined });
  if (values.help) {
    console.log(`customer-gateway ${name}: ${command.summary}\n\n${command.help}`);
    return 0;
  }
  if (operand !== undefined && positionals.length !== 1) throw new UsageError(`Give one ${operand}.`);
  return command.run(values, positionals[0] ?? '');
}

function messageOf(error: NodeJS.ErrnoException & { port?: number }): string {
  if (error.code === 'EADDRINUSE') return `Port ${error.port} is in use; choose another.`;
  return error.message;
}

const isUsage = (error: unknown): boolean =>
  error instanceof UsageError || String((error as { code?: string }).code).startsWith('ERR_PARSE_ARGS');

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(messageOf(error as NodeJS.ErrnoException));
  process.exitCode = error instanceof ConfigError || isUsage(error) ? USAGE_ERROR : 1;
}
