/**
 * Credentials could not be got. The message says why and what to do, and never
 * holds a secret or what a helper wrote.
 *
 * @public
 */
export class CredentialsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CredentialsError';
  }
}
