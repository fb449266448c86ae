import { graphql } from './tag.ts';

/** A page that is opened with some customers, and what each of its rows shows. */
export const query = graphql`
  query CustomerListQuery($first: Int!) {
    ...CustomerList_query @arguments(first: $first)
  }
`;

/** What `usePaginationFragment` takes: its list grows at both ends. */
export const fragment = graphql`
  fragment CustomerList_query on Query
  @argumentDefinitions(
    first: { type: "Int" }
    after: { type: "String" }
    last: { type: "Int" }
    before: { type: "String" }
  )
  @refetchable(queryName: "CustomerListPageQuery") {
    customers(first: $first, after: $after, last: $last, before: $before)
      @connection(key: "CustomerList_customers") {
      edges {
        node {
          id
          ...CustomerCard_customer
        }
      }
    }
  }
`;
