/** A token, and what it is called where one is chosen. */
export interface NamedToken {
  name: string;
  token: string;
}

const STYLE = `
  #acting-as { position: fixed; top: 22px; right: 236px; z-index: 1; font: 16px system-ui; color: #647084; }
  #acting-as select { font: inherit; color: inherit; background: transparent; border: 1px solid; border-radius: 4px; padding: 4px; }`;

/** Runs in the page. The choice lasts as long as the browser's tab; the tokens are in the page alone. */
const SCRIPT = `(tokens) => {
  const KEY = 'graphiql:acting-as';
  const names = tokens.map(({ name }) => name);
  let acting = sessionStorage.getItem(KEY);
  if (!names.includes(acting)) acting = names[0];
  const send = window.fetch.bind(window);
  window.fetch = (input, init = {}) => {
    const request = input instanceof Request ? input : null;
    const headers = new Headers(init.headers ?? request?.headers);
    const isOwn = new URL(request?.url ?? input, location.href).origin === location.origin;
    if (isOwn && !headers.has('authorization'))
      headers.set('authorization', 'Bearer ' + tokens.find(({ name }) => name === acting).token);
    return send(input, { ...init, headers });
  };
  addEventListener('DOMContentLoaded', () => {
    const label = document.createElement('label');
    label.id = 'acting-as';
    const select = document.createElement('select');
    for (const name of names) select.append(new Option(name, name, false, name === acting));
    select.addEventListener('change', () => {
      acting = select.value;
      sessionStorage.setItem(KEY, acting);
    });
    label.append('Acting as ', select);
    document.body.append(label);
  });
}`;

/**
 * What lets a page choose whose token its requests carry, as HTML for its head. An `authorization` that is written in
 * GraphiQL's own Headers counts more.
 */
export function actingAs(tokens: readonly NamedToken[]): string {
  const given = JSON.stringify(tokens).replaceAll('<', '\\u003c');
  return `<style>${STYLE}</style><script>(${SCRIPT})(${given});</script>`;
}
