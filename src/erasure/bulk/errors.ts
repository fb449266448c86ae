import type { Preview } from './preview.ts';

/** More customers than one bulk may delete. */
export class BulkTooLargeError extends Error {
  override readonly name = 'BulkTooLargeError';
  readonly customers: number;
  readonly most: number;

  constructor(customers: number, most: number) {
    super(`${customers} customers are selected, and at most ${most} may be deleted at once.`);
    this.customers = customers;
    this.most = most;
  }
}

/** The customers that are selected now are not those that the preview counted. */
export class PreviewChangedError extends Error {
  override readonly name = 'PreviewChangedError';
  readonly more: number;
  readonly fewer: number;
  readonly preview: Preview;

  constructor({ more, fewer }: { more: number; fewer: number }, preview: Preview) {
    super(`Since the preview ${more} customers have come in and ${fewer} are out; nothing was deleted.`);
    this.more = more;
    this.fewer = fewer;
    this.preview = preview;
  }
}

/** The preview is too old, or was of something or for somebody else. */
export class PreviewExpiredError extends Error {
  override readonly name = 'PreviewExpiredError';
  readonly preview: Preview;

  constructor(preview: Preview) {
    super('The preview has expired, or is not one of yours of this selection; nothing was deleted.');
    this.preview = preview;
  }
}

/** There is no such bulk, or it is not the viewer's: the two look the same. */
export class BulkNotFoundError extends Error {
  override readonly name = 'BulkNotFoundError';

  constructor() {
    super('There is no such bulk.');
  }
}

/** As the bulk stands, or from this viewer, this cannot be done. */
export class BulkStateError extends Error {
  override readonly name = 'BulkStateError';
  readonly bulkId: string;

  constructor(bulkId: string, message: string) {
    super(message);
    this.bulkId = bulkId;
  }
}
