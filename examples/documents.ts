import { initGraphQLTada, type ResultOf } from 'gql.tada';
import type { introspection } from './schema.d.ts';

/** What the examples send. What comes back has its types from the schema: nothing is generated for a document. */
const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { DateTime: string; EmailAddress: string };
}>();

export const FIND = graphql(`
  query Find($email: EmailAddress!) {
    customerByEmail(email: $email) {
      id
      name
    }
  }
`);

export const PLAN = graphql(`
  query Plan($customerId: ID!) {
    erasurePlan(customerId: $customerId) {
      hash
      items {
        integration {
          id
        }
        presence
        sideEffects {
          message
        }
      }
    }
  }
`);

export const DELETE = graphql(`
  mutation Delete($input: DeleteCustomerInput!) {
    deleteCustomer(input: $input) {
      __typename
      ... on DeleteCustomerPayload {
        erasure {
          id
        }
      }
      ... on Error {
        message
      }
      ... on ErasureAlreadyOpenError {
        erasure {
          id
        }
      }
      ... on ErasureBlockedError {
        blockers {
          message
        }
      }
      ... on InvalidInputError {
        issues {
          path
          message
        }
      }
    }
  }
`);

export const PROGRESS = graphql(`
  subscription Progress($erasureId: ID!, $after: Int!) {
    erasureProgress(erasureId: $erasureId, after: $after) {
      sequence
      action
      integrationId
      outcome
      verdict
      erasure {
        state
      }
    }
  }
`);

export type Answer = ResultOf<typeof DELETE>['deleteCustomer'];
export type Event = ResultOf<typeof PROGRESS>['erasureProgress'];
