import { Language } from './language';
import { Linter } from './Linter';

/** GitHub’s issuer of workflow identities. */
export const GITHUB_ACTIONS = 'https://token.actions.githubusercontent.com';

const MAIL = '[^@/:\\s]+@[^@/:\\s]+';

/** Form of the identities that Fulcio writes for an issuer. */
const FORMS: { issuer: string; identity: string; words: string }[] = [
  {
    // Of an enterprise, too, which has its name behind a slash.
    issuer: 'https://token\\.actions\\.githubusercontent\\.com(/.+)?',
    // Refs with an @ in them, such as renovate/@types/node, have a slash behind.
    identity:
      'https://github\\.com/[^/@]+/[^/@]+/[^@]+@([0-9a-f]+|refs/[^@]+(@[^@]*/[^@]*)?)',
    words:
      'https://github.com/OWNER/REPOSITORY/.github/workflows/FILE@refs/heads/BRANCH',
  },
  {
    issuer: 'https://gitlab\\.com',
    identity: 'https://gitlab\\.com/[^@]+//[^@]+@.+',
    words: 'https://gitlab.com/GROUP/PROJECT//.gitlab-ci.yml@refs/heads/BRANCH',
  },
  {
    issuer:
      'https://(accounts\\.google\\.com|oauth2\\.sigstore\\.dev/auth|github\\.com/login/oauth|login\\.microsoftonline\\.com)',
    identity: MAIL,
    words: 'an e-mail address',
  },
  {
    issuer: 'https://agent\\.buildkite\\.com',
    identity: 'https://buildkite\\.com/[^/]+/[^/]+',
    words: 'https://buildkite.com/ORGANIZATION/PIPELINE',
  },
  {
    issuer: 'https://(oidc\\.circleci\\.com(/.*)?|oidc\\.codefresh\\.io)',
    identity: 'https://.+/.+',
    words: 'a URL',
  },
  {
    issuer: 'https://issuer\\.enforce\\.dev',
    identity: 'https://issuer\\.enforce\\.dev/.+',
    words: 'https://issuer.enforce.dev/ID',
  },
  {
    issuer:
      'https://(oidc\\.eks\\.[^/]+\\.amazonaws\\.com/id/.+|container\\.googleapis\\.com/v1/projects/.+)',
    identity: 'https://kubernetes\\.io/namespaces/[^/]+/serviceaccounts/[^/]+',
    words: 'https://kubernetes.io/namespaces/NAMESPACE/serviceaccounts/ACCOUNT',
  },
];

/** What identities of an issuer look like; undefined where that is not known. */
export function formOfIssuer(
  linter: Linter,
  issuer: string,
): { identities: Language; words: string } | undefined {
  const form = FORMS.find(one =>
    new RegExp(`^(?:${one.issuer})$`).test(issuer),
  );
  const identities = form && linter.expression(form.identity);
  return identities && { identities, words: form.words };
}
