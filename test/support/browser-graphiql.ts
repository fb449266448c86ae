import type { Page } from 'playwright-core';

const modelOf = (editor: string): string =>
  `globalThis.__MONACO?.editor.getModels().find((model) => model.uri.path.includes('${editor}'))`;

/** Drives GraphiQL as a person does: by its tabs, editors and buttons. */
export class Graphiql {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async open(url: string): Promise<void> {
    await this.#page.goto(url);
    await this.#ready();
  }

  async reload(): Promise<void> {
    await this.#page.reload();
    await this.#ready();
  }

  tabs(): Promise<string[]> {
    return this.#page.locator('.graphiql-tab-button').allTextContents();
  }

  async show(tab: string): Promise<void> {
    await this.#page.locator('.graphiql-tab-button', { hasText: tab }).click();
    await this.#page.getByRole('tab', { name: tab, selected: true }).waitFor();
    await this.#queryTakenIn();
  }

  async openTab(): Promise<void> {
    await this.#page.getByRole('button', { name: 'New tab' }).click();
  }

  /** Chooses whose token is sent. */
  async actAs(name: string): Promise<void> {
    await this.#page.getByLabel('Acting as').selectOption(name);
  }

  async typeQuery(text: string): Promise<void> {
    await this.#empty('.graphiql-query-editor');
    await this.#page.keyboard.type(text);
    await this.#queryTakenIn();
  }

  async pasteVariables(variables: object): Promise<void> {
    await this.#paste('Variables', variables);
  }

  async pasteHeaders(headers: object): Promise<void> {
    await this.#paste('Headers', headers);
  }

  async run(): Promise<void> {
    await this.#page.getByRole('button', { name: /^Execute query/ }).click();
  }

  /** What the result window holds; null while it is empty. */
  async result(): Promise<unknown> {
    const text = await this.#page.evaluate<string | undefined>(`${modelOf('response')}?.getValue()`);
    return text ? JSON.parse(text) : null;
  }

  /** Keeps every result that the result window shows from now on. */
  async keepResults(): Promise<() => Promise<unknown[]>> {
    await this.#page.evaluate(`{
      const model = ${modelOf('response')};
      globalThis.keptResults = [];
      model.onDidChangeContent(() => globalThis.keptResults.push(model.getValue()));
    }`);
    return async () => {
      const kept = await this.#page.evaluate<string[]>('globalThis.keptResults');
      return kept.filter(Boolean).map((text) => JSON.parse(text));
    };
  }

  async #ready(): Promise<void> {
    await this.#page.locator('.graphiql-query-editor .view-line').first().waitFor();
    await this.#page.waitForFunction(`${modelOf('response')} !== undefined`);
  }

  /** GraphiQL takes a changed query in after a short pause, and then shows it in the address bar. */
  async #queryTakenIn(): Promise<void> {
    await this.#page.waitForFunction(
      `new URLSearchParams(location.search).get('query') === ${modelOf('operation')}.getValue()`,
    );
  }

  async #paste(tool: 'Variables' | 'Headers', json: object): Promise<void> {
    await this.#page.getByRole('button', { name: tool, exact: true }).click();
    await this.#empty('.graphiql-editor-tool');
    const text = JSON.stringify(JSON.stringify(json, null, 2));
    await this.#page.evaluate(`navigator.clipboard.writeText(${text})`);
    await this.#page.keyboard.press('Control+V');
  }

  async #empty(editor: string): Promise<void> {
    await this.#page.locator(`${editor} .monaco-editor:visible`).first().click();
    await this.#page.keyboard.press('Control+A');
    await this.#page.keyboard.press('Delete');
  }
}
