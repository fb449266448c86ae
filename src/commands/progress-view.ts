import type { WriteStream } from 'node:tty';

/** One integration's line in the progress display. */
export interface Progress {
  integrationId: string | null;
  action: string;
  taskState: string | null;
  outcome: string | null;
  verdict: string | null;
  waitingReason: string | null;
}

function describe({ taskState, outcome, verdict, waitingReason }: Progress): string {
  return [outcome ?? taskState, verdict, waitingReason && `waiting: ${waitingReason}`]
    .filter(Boolean)
    .join(', ');
}

/** Shows progress as lines that change in place on a terminal, and as one line an event elsewhere. */
export class ProgressView {
  readonly #out: NodeJS.WriteStream;
  readonly #lines = new Map<string, string>();
  #drawn = 0;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  show(progress: Progress): void {
    const place = progress.integrationId ?? 'erasure';
    const text = progress.integrationId ? describe(progress) : progress.action.replace('erasure.', '');
    if (!this.#out.isTTY) {
      this.#out.write(
        `  ${place.padEnd(12)} ${progress.action.padEnd(18)} ${progress.integrationId ? text : ''}`.trimEnd() +
          '\n',
      );
      return;
    }
    this.#lines.set(place, text);
    this.#redraw(this.#out);
  }

  #redraw(out: WriteStream): void {
    if (this.#drawn > 0) out.moveCursor(0, -this.#drawn);
    for (const [place, text] of this.#lines) {
      out.clearLine(0);
      out.write(`  ${place.padEnd(12)} ${text}\n`);
    }
    this.#drawn = this.#lines.size;
  }
}
