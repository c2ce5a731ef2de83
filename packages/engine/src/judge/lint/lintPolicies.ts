import { TrustDocument } from '@cloudythings/backstage-plugin-sigstore-common';
import { PolicyDocument } from '../policyDocuments';

/**
 * Something in a policy that can be used, and is probably not what was meant.
 *
 * @public
 */
export type PolicyWarning = {
  /** File and line. */
  place: string;
  /** Name of the document. */
  policy: string;
  field: string;
  code: string;
  /** What it is, and what to do. */
  message: string;
};

/** Looks for rules that can match nothing, or more than they should. */
export function lintPolicies(
  _documents: { document: TrustDocument; source: PolicyDocument }[],
  _known: { now?: Date },
): PolicyWarning[] {
  return [];
}
