/** There is no such re-appearance, or it is of a customer that is not the viewer's: the two look the same. */
export class ReappearanceNotFoundError extends Error {
  override readonly name = 'ReappearanceNotFoundError';

  constructor() {
    super('There is no such re-appearance.');
  }
}

/** The re-appearance was erased again or dismissed before. */
export class ReappearanceResolvedError extends Error {
  override readonly name = 'ReappearanceResolvedError';
  readonly reappearanceId: string;

  constructor(reappearanceId: string) {
    super('The re-appearance was resolved before.');
    this.reappearanceId = reappearanceId;
  }
}
