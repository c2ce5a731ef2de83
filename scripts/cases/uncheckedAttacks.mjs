/**
 * Attacks that may end before anything is checked: what they change is what a
 * check needs, or a form that is not read. Every other attack has to be checked
 * and rejected, because a check that was not made finds no hole either.
 */
export const MAY_BE_UNCHECKED = [
  // There is nothing to look at.
  'no artifact',
  'no bundle',
  'a folder as bundle',
  // Nobody is expected, or nobody that could be.
  'the identity empty',
  'the identity missing',
  'the issuer empty',
  'the issuer missing',
  'a key besides the name',
  'neither key nor name',
  'a private key',
  'two keys',
  'an empty key',
  'no key',
  // The root is refused.
  'no root',
  'an empty root',
  'a root without authorities',
  'a root whose logs have no start',
  // It is said that this is not read.
  'of an unknown version',
  'with more log entries than are read',
];
