import type { ServerResponse } from 'node:http';
import type { FormattedExecutionResult } from 'graphql';
import type { Viewer } from '../../access/viewer.ts';
import type { Execute } from '../execute.ts';
import { toldResult } from '../told.ts';
import { hasEnded } from '../until-token-ends.ts';
import { MAX_UNREAD_BYTES, Operations } from './operations.ts';

/** An idle stream shows a sign of life before the server takes its client for a slow reader. */
const SIGN_EVERY_MS = 12_000;
const SIGN = ':\n\n';

type Told = { id: string; payload?: FormattedExecutionResult };

const written = (event: 'next' | 'complete', data: Told): string =>
  `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/** One stream of events that carries the results of many operations. Until it is opened, they wait. */
export class EventStream {
  readonly operations: Operations;
  readonly #opened: Promise<ServerResponse | null>;
  #open: (response: ServerResponse | null) => void = () => {};
  #response: ServerResponse | null = null;
  #reader: Viewer | null = null;
  #isClosing = false;

  /** @param fail - Takes what should never happen. */
  constructor(execute: Execute, fail: (error: unknown) => void) {
    this.#opened = new Promise((resolve) => (this.#open = resolve));
    this.operations = new Operations(execute, {
      next: (id, result) => this.#write(written('next', { id, payload: toldResult(result) })),
      complete: (id) => this.#complete(id),
      fail: (error) => {
        fail(error);
        this.cut();
      },
    });
  }

  get isOpen(): boolean {
    return this.#response !== null;
  }

  open(response: ServerResponse, reader: Viewer): void {
    this.#response = response;
    this.#reader = reader;
    const signs = setInterval(() => void this.#write(SIGN), SIGN_EVERY_MS).unref();
    response.once('close', () => {
      clearInterval(signs);
      this.operations.close();
    });
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.write(SIGN); // some browsers wait for the first byte
    this.#open(response);
  }

  /** Ends everything at once. */
  cut(): void {
    this.operations.close();
    this.#open(null);
    this.#response?.end();
  }

  /** Ends when the operations have. */
  close(): void {
    this.#isClosing = true;
    if (this.operations.size === 0) this.cut();
  }

  /** A client that is told that an operation is complete would not ask for the rest of it with its next token. */
  async #complete(id: string): Promise<void> {
    if (this.#reader && hasEnded(this.#reader)) return this.cut();
    await this.#write(written('complete', { id }));
    if (this.#isClosing) this.close();
  }

  /** Resolves when the text is on its way, or never will be. */
  async #write(text: string): Promise<void> {
    const response = await this.#opened;
    if (!response || response.writableEnded || response.destroyed) return;
    if (response.writableLength > MAX_UNREAD_BYTES) return void response.destroy();
    await new Promise<void>((resolve) => response.write(text, () => resolve()));
  }
}
