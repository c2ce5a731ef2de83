/**
 * The command was called in a way that cannot be followed; the message says
 * what to write instead. Nothing was checked.
 */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
