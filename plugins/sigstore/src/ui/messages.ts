/** Texts of the building blocks. */
export const uiMessages = {
  copy: 'Copy {{what}}',
  copied: 'Copied',
  digest: 'digest',
  more: 'and {{number}} more',
  entries_one: '{{count}} entry',
  entries_other: '{{count}} entries',
} as const;
