import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
  lexicographicSortSchema,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
} from 'graphql';
import { schema as unsorted } from '../../src/graphql/schema.ts';
import { lineOf } from '../access/rules-table.ts';
import { ERROR_CODES } from './error-codes.ts';
import { code, link, paragraphs, table } from './markdown.ts';
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

type Root = GraphQLField<unknown, unknown>;

const schema = lexicographicSortSchema(unsorted);

const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);

const ROOTS = [
  { title: 'Queries', word: 'query', type: schema.getQueryType()! },
  { title: 'Mutations', word: 'mutation', type: schema.getMutationType()! },
  { title: 'Subscriptions', word: 'subscription', type: schema.getSubscriptionType()! },
];

const rootFields = ROOTS.flatMap(({ word, type }) =>
  Object.values(type.getFields()).map((field) => ({ heading: `${word} ${field.name}`, field })),
);

const isError = (type: GraphQLNamedType): type is GraphQLObjectType =>
  isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Error');

const isShown = ({ name }: GraphQLNamedType): boolean =>
  !/Connection(Edge)?$/.test(name) && !ROOTS.some(({ type }) => type.name === name);

const isResult = (type: GraphQLNamedType): boolean =>
  isUnionType(type) && rootFields.some(({ field }) => getNamedType(field.type) === type);

const objects = types.filter((type) => isObjectType(type) && isShown(type) && !isError(type));
const isPayload = ({ name }: GraphQLNamedType): boolean => name.endsWith('Payload');

const GROUPS: [title: string, types: GraphQLNamedType[]][] = [
  ['Objects', objects.filter((type) => !isPayload(type))],
  ['Payloads', objects.filter(isPayload)],
  [
    'Interfaces and unions',
    types.filter((type) => isInterfaceType(type) || (isUnionType(type) && !isResult(type))),
  ],
  ['Inputs', types.filter(isInputObjectType)],
  ['Enums', types.filter(isEnumType)],
  ['Scalars', types.filter(isScalarType)],
];

function answerOf({ type }: Root): string {
  const named = getNamedType(type);
  if (!isUnionType(named)) return `Answers ${typeLink(type)}.`;
  const [payloads, errors] = [false, true].map((wanted) =>
    named.getTypes().filter((one) => isError(one) === wanted),
  );
  return `Answers ${payloads!.map(typeLink).join(', ')}, or ${errors!.map(typeLink).join(', ')}.`;
}

async function rootSection(heading: string, parent: GraphQLObjectType, field: Root): Promise<string> {
  const { needs, roles } = await lineOf({ type: parent.name, field: field.name });
  const who = ['ADMIN', 'MASTER', 'RESALE'].filter((_role, index) => roles[index] === 'yes');
  const { deprecationReason } = field;
  return paragraphs(
    `### ${heading}`,
    deprecationReason == null ? null : `**Deprecated.** ${deprecationReason}`,
    field.description,
    argumentTable(field),
    answerOf(field),
    `Needs ${needs}: ${who.join(', ')}.`,
  );
}

const rootGroup = async ({ title, word, type }: (typeof ROOTS)[number]): Promise<string> =>
  paragraphs(
    `## ${title}`,
    type.description,
    ...(await Promise.all(
      Object.values(type.getFields()).map((field) => rootSection(`${word} ${field.name}`, type, field)),
    )),
  );

const errorSection = (error: GraphQLObjectType): string => {
  const answering = rootFields.filter(({ field }) => {
    const named = getNamedType(field.type);
    return isUnionType(named) && named.getTypes().includes(error);
  });
  const links = answering.map(({ heading, field }) => link(code(field.name), heading));
  return paragraphs(typeSection(error, ['message']), `Answered by ${links.join(', ')}.`);
};

const codeRows = Object.entries(ERROR_CODES).map(([name, [status, meaning]]) => [
  code(name.endsWith('_') ? `${name}…` : name),
  status,
  meaning,
]);

function contents(): string {
  const roots = ROOTS.map(({ title, word, type }) => ({
    title,
    links: Object.keys(type.getFields()).map((name) => link(code(name), `${word} ${name}`)),
  }));
  const rest = [...GROUPS, ['Errors', types.filter(isError)] as const].map(([title, group]) => ({
    title,
    links: group.map(({ name }) => link(code(name), name)),
  }));
  const lines = [...roots, ...rest].map(({ title, links }) => `- ${link(title, title)}: ${links.join(', ')}`);
  return [...lines, `- ${link('Pages', 'Pages')}`, `- ${link('Other errors', 'Other errors')}`].join('\n');
}

/** The page that describes the schema for people. */
export async function referenceDocument(): Promise<string> {
  const groups = GROUPS.map(([title, group]) =>
    paragraphs(`## ${title}`, ...group.map((type) => typeSection(type))),
  );
  const sections = [
    HEAD,
    contents(),
    ...(await Promise.all(ROOTS.map(rootGroup))),
    ...groups,
    paragraphs(ERRORS, ...types.filter(isError).map(errorSection)),
    PAGES,
    paragraphs(OTHER_ERRORS, table(['code', 'status', ''], codeRows)),
  ];
  return `${paragraphs(...sections)}\n`;
}
