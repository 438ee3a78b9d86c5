/** Set-up cannot go on: `message` says what and why in a line, `output` is what the failing program said. */
export class SetupError extends Error {
  constructor(message, { output = '', cause } = {}) {
    super(message, { cause });
    this.name = 'SetupError';
    this.output = output;
  }
}
