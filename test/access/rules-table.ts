import { FOR_ROLES_THAT_REACH_ALL, FOR_ROUTERS, ROLES, SCOPES, type Asker } from './oracle.ts';
import { contextOf, FIELDS, isReached, wallOf } from './wall.ts';

const HEAD = `# Who may read what

\`npm run rules\` writes this file from the rules of the gateway (\`src/graphql/permissions.ts\`), and a test compares it. Every field is asked
for with a token of each single scope. It needs one of the scopes of its line: "a token" means any, "nobody in particular" not even
that. A scope counts only where the role can have it. Whose customers are meant is another question: a RESALE viewer reaches those
of its own manager and of the managers below it, which is decided where customers are read (\`src/customer/reach.ts\`).
`;

/** What a field, or a type, needs of whoever asks for it. */
export interface Line {
  name: string;
  needs: string;
  roles: readonly string[];
}

const wall = wallOf();

const passes = (asker: Asker, type: string, field: string): Promise<boolean> =>
  isReached(wall, type, field, contextOf(asker));

async function needsOf(type: string, field: string): Promise<string> {
  if (await passes(null, type, field)) return 'nobody in particular';
  if (await passes({ role: 'ADMIN', scopes: [] }, type, field)) return 'a token';
  const enough = await Promise.all(
    SCOPES.map(async (scope) =>
      (await passes({ role: 'ADMIN', scopes: [scope] }, type, field)) ? [scope] : [],
    ),
  );
  return enough
    .flat()
    .map((scope) => `\`${scope}\``)
    .join(' or ');
}

/** What a field needs, whoever asks. */
async function allNeedsOf(type: string, field: string): Promise<string> {
  const needs = await needsOf(type, field);
  return FOR_ROUTERS.includes(`${type}.${field}`) ? `${needs}, through a federated router` : needs;
}

/** Asks the rules about a field. */
export async function lineOf({ type, field }: { type: string; field: string }): Promise<Line> {
  const name = `${type}.${field}`;
  const roles = await Promise.all(
    ROLES.map(async (role) => {
      if (role === 'RESALE' && FOR_ROLES_THAT_REACH_ALL.includes(name)) return 'no';
      return (await passes({ role, scopes: SCOPES }, type, field)) ? 'yes' : 'no';
    }),
  );
  return { name, needs: await allNeedsOf(type, field), roles };
}

const tableOf = (lines: readonly Line[]): string => {
  const head = ['field', 'needs', ...ROLES];
  const rows = lines.map(({ name, needs, roles }) => [name, needs, ...roles]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
};

const isRoot = ({ type }: { type: string }): boolean => ['Query', 'Mutation', 'Subscription'].includes(type);

/** A type for all its fields where they have the same rule; else the rule of most of them, and each other by itself. */
async function linesOfType(type: string): Promise<Line[]> {
  const lines = await Promise.all(FIELDS.filter((one) => one.type === type).map(lineOf));
  const rules = [...new Set(lines.map(({ needs }) => needs))];
  const [most, ...others] = rules
    .map((rule) => lines.filter(({ needs }) => needs === rule))
    .toSorted((a, b) => b.length - a.length);
  const whole = { ...most![0]!, name: others.length > 0 ? `${type}, the other fields` : type };
  return [whole, ...others.flat()];
}

/** The document that says for each field what it needs, by asking the rules. */
export async function rulesDocument(): Promise<string> {
  const roots = await Promise.all(FIELDS.filter(isRoot).map(lineOf));
  const types = [...new Set(FIELDS.filter((one) => !isRoot(one)).map(({ type }) => type))].toSorted();
  const inner = (await Promise.all(types.map(linesOfType))).flat();
  const sections = [HEAD, '## Ways in\n', tableOf(roots), '\n## What they lead to\n', tableOf(inner)];
  return `${sections.join('\n')}\n`;
}
