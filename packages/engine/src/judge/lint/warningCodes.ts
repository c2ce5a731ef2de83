/**
 * What lint can say of a policy, by code, in a sentence each.
 *
 * @public
 */
export const POLICY_WARNINGS = {
  'identity-impossible':
    'The issuer never vouches for an identity of this form: the rule matches nobody.',
  'repository-without-github':
    '`{{ repository }}` stands for a repository on GitHub, and the issuer is not GitHub.',
  'reference-impossible':
    'No reference has this form: the policy covers nothing by it.',
  'extension-contradicts':
    'No certificate, or only one of a reusable workflow, says this beside the rest of the rule.',
  'window-over':
    'The window has closed: nothing that is signed from now on counts.',
  'window-ahead': 'The window has not opened: nothing counts yet.',
  'exception-over': 'The exception is past its last day.',
  'issuer-too-wide':
    'The pattern matches issuers that anybody could run or rent.',
  'any-host': 'The pattern matches identities of any host or mail domain.',
  'any-owner': 'The pattern matches identities of other owners.',
  'any-repository':
    'The pattern matches every repository of the owner, or such as are named alike.',
  'any-ref': 'The pattern matches every branch, and pull requests.',
  'unescaped-dot':
    'A dot in the pattern stands for any character: the pattern matches another name.',
  'entity-owned-field':
    'The policy is selected by what the entity writes of itself: it can leave the policy.',
  'no-catch-all':
    'No policy without such a condition stands behind one that an entity can leave.',
  'entity-owned-repository':
    '`{{ repository }}` comes from what the entity writes of itself: it grants itself trust.',
  'identity-repeated': 'Another identity beside it allows all that it allows.',
  'authority-repeated':
    'Another authority beside it allows all that it allows.',
  'artifacts-repeated': 'Another entry beside it covers all that it covers.',
  'lint-incomplete': 'The set is too large for everything to be looked at.',
} as const;

/** @public */
export type PolicyWarningCode = keyof typeof POLICY_WARNINGS;
