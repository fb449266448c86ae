import { getNamedType, isUnionType } from 'graphql';
import { lineOf } from '../access/rules-table.ts';
import { ERROR_CODES } from './error-codes.ts';
import { code, link, paragraphs, table } from './markdown.ts';
import { ERROR_TYPES, isError, ROOT_GROUPS, TYPE_GROUPS, type Root } from './reference-groups.ts';
import { argumentTable, typeLink, typeSection } from './reference-types.ts';

const HEAD = `# Reference

\`npm run reference\` writes this file from the schema, and a test compares it. Fields that are not marked with \`!\` may be null,
arguments that are not may be left out. A scope counts only where the role can have it; what the fields of types need is in
[security-rules.md](security-rules.md), how all of this may change in [schema-changes.md](schema-changes.md), and what one
request may ask for in [security.md](security.md#what-may-be-asked). Documents may be [persisted](persisted-documents.md).`;

const PAGES = `## Pages

Lists that may be long come in pages (Relay, GraphQL Cursor Connections): \`edges { cursor node { … } }\` and
\`pageInfo { hasNextPage endCursor hasPreviousPage startCursor }\`. \`first\`, 1 to 100, and \`after\` go forward, \`last\` and \`before\`
back; without \`first\` and \`last\`, a page has 25 items. Cursors are opaque, and stay right while the list changes.`;

const ERRORS = `## Errors

A mutation answers a union of its payload and the errors that a client can act on; each has a \`message\` for people. Select
\`... on Error { message }\` besides those that you handle, for more may come.`;

const OTHER_ERRORS = `## Other errors

Everything else that goes wrong is in \`errors\`, with \`extensions.code\`. The status is that of answers as
\`application/graphql-response+json\`.`;

function answerOf({ field: { type } }: Root): string {
  const answer = getNamedType(type);
  if (!isUnionType(answer)) return `Answers ${typeLink(type)}.`;
  const [payloads, errors] = [false, true].map((wanted) =>
    answer.getTypes().filter((one) => isError(one) === wanted),
  );
  return `Answers ${payloads!.map(typeLink).join(', ')}, or ${errors!.map(typeLink).join(', ')}.`;
}

async function rootSection(root: Root): Promise<string> {
  const { heading, parent, field } = root;
  const { needs, roles } = await lineOf({ type: parent.name, field: field.name });
  const who = ['ADMIN', 'MASTER', 'RESALE'].filter((_role, index) => roles[index] === 'yes');
  const { deprecationReason, description } = field;
  const deprecated = deprecationReason == null ? null : `**Deprecated.** ${deprecationReason}`;
  const rule = `Needs ${needs}: ${who.join(', ')}.`;
  return paragraphs(`### ${heading}`, deprecated, description, argumentTable(field), answerOf(root), rule);
}

const rootLink = ({ heading, field }: Root): string => link(code(field.name), heading);

const errorSection = ({ type, answeredBy }: (typeof ERROR_TYPES)[number]): string =>
  paragraphs(typeSection(type, ['message']), `Answered by ${answeredBy.map(rootLink).join(', ')}.`);

const codeRows = Object.entries(ERROR_CODES).map(([name, [status, meaning]]) => [
  code(name.endsWith('_') ? `${name}…` : name),
  status,
  meaning,
]);

function contents(): string {
  const typeLinks = (types: readonly { name: string }[]): string[] =>
    types.map(({ name }) => link(code(name), name));
  const entries = [
    ...ROOT_GROUPS.map(({ title, roots }) => ({ title, links: roots.map(rootLink) })),
    ...TYPE_GROUPS.map(({ title, types }) => ({ title, links: typeLinks(types) })),
    { title: 'Errors', links: typeLinks(ERROR_TYPES.map(({ type }) => type)) },
  ];
  const lines = entries.map(({ title, links }) => `- ${link(title, title)}: ${links.join(', ')}`);
  return [...lines, ...['Pages', 'Other errors'].map((title) => `- ${link(title, title)}`)].join('\n');
}

/** The page that describes the schema for people. */
export async function referenceDocument(): Promise<string> {
  const ways = ROOT_GROUPS.map(async ({ title, description, roots }) =>
    paragraphs(`## ${title}`, description, ...(await Promise.all(roots.map(rootSection)))),
  );
  const groups = TYPE_GROUPS.map(({ title, types }) =>
    paragraphs(`## ${title}`, ...types.map((type) => typeSection(type))),
  );
  const errors = paragraphs(ERRORS, ...ERROR_TYPES.map(errorSection));
  const others = paragraphs(OTHER_ERRORS, table(['code', 'status', ''], codeRows));
  return `${paragraphs(HEAD, contents(), ...(await Promise.all(ways)), ...groups, errors, PAGES, others)}\n`;
}
