import { PolicyWarningCode } from './warningCodes';

const EVIL = (letters: string) => `(evil|evil-${letters}*|${letters}*-evil)`;

/** Names that somebody else could register, alike or not. */
const HOST = `([^/@:]*\\.)?${EVIL('[^/@:.]')}\\.[^/@:.]+(:[0-9]+)?`;
const NAME = EVIL('[^/@]');

/** How GitHub's workflows go on. */
const WORKFLOW = '/\\.github/workflows/[a-z]+\\.yml@refs/heads/[a-z]+';

/** Issuers that anybody could run, or rent a name with. */
export const STRANGE_ISSUERS = `https?://${HOST}(/.*)?|https?://[^/]+/[^/]*evil.*|evil`;

/** Identities that a stranger could have, from the widest to the narrowest. */
export const STRANGERS: {
  code: PolicyWarningCode;
  identities: string;
  /** Those among them that look like identities that there are. */
  likely: string;
  remedy: string;
}[] = [
  {
    code: 'any-host',
    identities: `[a-z]+://${HOST}(/.*)?|[^@/]+@${HOST}`,
    likely: `[a-z]+@${HOST}|https://${HOST}/[a-z]+`,
    remedy:
      'Begin the pattern with the host, or end it with the mail domain, and write \\. for each dot in it',
  },
  {
    code: 'any-owner',
    identities: `https?://[^/@]+/${NAME}/.+`,
    likely: `https://github\\.com/${NAME}/.+${WORKFLOW}`,
    remedy: 'Write the owner out up to the next slash',
  },
  {
    code: 'any-repository',
    identities: `https://github\\.com/[^/@]+/${NAME}/.+@.+`,
    likely: `https://github\\.com/[^/@]+/${NAME}${WORKFLOW}`,
    remedy:
      'Write the repository out up to the next slash, or use {{ repository }}',
  },
  {
    code: 'any-ref',
    identities: 'https://[^/@]+/[^/@]+/[^@]+@refs/pull/[0-9]+/merge',
    likely:
      'https://[^/@]+/[^/@]+/[^@]+/\\.github/workflows/[a-z]+\\.yml@refs/pull/1/merge',
    remedy:
      'Write the branches and tags that releases are made from, such as @refs/heads/main',
  },
];
