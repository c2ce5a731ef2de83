import { Finding } from '@cloudythings/backstage-plugin-sigstore-common';

/**
 * What a check returns that found nothing wrong, but in a form which the
 * library refuses: no facts come of it, and no contradiction either.
 */
export class UnreadForm {
  readonly finding: Finding;

  /** @param form - what it is, in words */
  constructor(form: string) {
    this.finding = {
      code: 'format-unsupported',
      detail: `${form}: the Sigstore library does not verify this form yet`,
    };
  }
}
