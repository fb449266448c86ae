import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, type GraphQLSchema } from 'graphql';

const USER = { email: 'support@apollographql.com', name: 'Jane Smith', totalProductsCreated: 1_337 };

const RESEARCH = [
  { study: { caseNumber: '1234', description: 'Federation Study' }, outcome: null },
  { study: { caseNumber: '1235', description: 'Studio Study' }, outcome: null },
];

const COMMON = {
  dimensions: { size: 'small', weight: 1, unit: 'kg' },
  createdBy: USER,
  notes: null,
};

const PRODUCTS = [
  {
    id: 'apollo-federation',
    sku: 'federation',
    package: '@apollo/federation',
    variation: { id: 'OSS' },
    research: [RESEARCH[0]],
    ...COMMON,
  },
  {
    id: 'apollo-studio',
    sku: 'studio',
    package: '',
    variation: { id: 'platform' },
    research: [RESEARCH[1]],
    ...COMMON,
  },
];

const DEPRECATED = {
  sku: 'apollo-federation-v1',
  package: '@apollo/federation-v1',
  reason: 'Migrate to Federation V2',
  createdBy: USER,
};

/** What a router knows of something that it asks for. */
interface Reference {
  id: string;
  sku: string;
  package: string;
  email: string;
  variation: { id: string };
  study: { caseNumber: string };
  totalProductsCreated: number;
  yearsOfEmployment: number;
}

const byKey = (key: Partial<Reference>) =>
  PRODUCTS.find(({ id, sku, package: name, variation }) => {
    if (key.id !== undefined) return id === key.id;
    return sku === key.sku && (key.package === name || key.variation?.id === variation.id);
  });

const deprecated = (key: Reference) =>
  key.sku === DEPRECATED.sku && key.package === DEPRECATED.package ? DEPRECATED : null;

const resolvers = {
  Query: {
    product: (_root: unknown, { id }: Reference) => byKey({ id }),
    deprecatedProduct: (_root: unknown, key: Reference) => deprecated(key),
  },
  Product: { __resolveReference: byKey },
  DeprecatedProduct: { __resolveReference: deprecated },
  ProductResearch: {
    __resolveReference: ({ study: { caseNumber } }: Reference) =>
      RESEARCH.find(({ study }) => study.caseNumber === caseNumber),
  },
  User: {
    __resolveReference: (reference: Reference) => reference.email === USER.email && { ...USER, ...reference },
    averageProductsCreatedPerYear: ({ totalProductsCreated, yearsOfEmployment }: Reference) =>
      Math.round(totalProductsCreated / yearsOfEmployment),
  },
  Inventory: {
    __resolveReference: ({ id }: Reference) =>
      id === 'apollo-oss' && { id, deprecatedProducts: [DEPRECATED] },
  },
};

/** The schema that the suite prescribes, with the data that it expects. */
export const productsSchema = (sdl: string): GraphQLSchema =>
  buildSubgraphSchema({ typeDefs: parse(sdl), resolvers });
