import { graphql } from './tag.ts';

/** What `useRefetchableFragment` takes: one customer, fetched anew by `node`. */
export const fragment = graphql`
  fragment CustomerCard_customer on Customer @refetchable(queryName: "CustomerCardRefetchQuery") {
    name
    email
    accounts {
      __typename
      ... on Account {
        externalId
      }
      ... on AccountFailure {
        message
      }
    }
  }
`;

/** What a deletion answers, with its errors, and the customer in the store as it then is. */
export const mutation = graphql`
  mutation CustomerCardDeleteMutation($input: DeleteCustomerInput!) {
    deleteCustomer(input: $input) {
      __typename
      ... on DeleteCustomerPayload {
        erasure {
          id
          customer {
            ...CustomerCard_customer
          }
        }
      }
      ... on Error {
        message
      }
    }
  }
`;

export const subscription = graphql`
  subscription CustomerCardProgressSubscription($erasureId: ID!, $after: Int!) {
    erasureProgress(erasureId: $erasureId, after: $after) {
      sequence
      erasure {
        id
        state
      }
    }
  }
`;
