import {
  Finding,
  FindingCode,
} from '@cloudythings/backstage-plugin-sigstore-common';

/** Thrown inside verification by a check that fails; never leaves it. */
export class FailedCheck extends Error {
  readonly finding: Finding;

  constructor(
    code: FindingCode,
    detail: string,
    comparisons?: Finding['comparisons'],
  ) {
    super(detail);
    this.name = 'FailedCheck';
    this.finding = { code, detail, ...(comparisons ? { comparisons } : {}) };
  }
}
