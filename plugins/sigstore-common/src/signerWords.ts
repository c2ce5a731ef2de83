import { Signer } from './facts';

const ISSUERS = new Map([
  ['https://token.actions.githubusercontent.com', 'GitHub Actions'],
  ['https://gitlab.com', 'GitLab'],
  ['https://accounts.google.com', 'Google'],
  ['https://github.com/login/oauth', 'GitHub'],
  ['https://login.microsoftonline.com', 'Microsoft'],
  ['https://oidc.circleci.com', 'CircleCI'],
  ['https://agent.buildkite.com', 'Buildkite'],
  ['https://oidc.codefresh.io', 'Codefresh'],
]);

const GITHUB_WORKFLOW =
  /^https:\/\/github\.com\/([^/]+\/[^/]+)\/\.github\/workflows\/([^@]+)@(.+)$/;

/**
 * A name people know for an OIDC issuer; the issuer itself where there is none.
 *
 * @public
 */
export function issuerName(issuer: string): string {
  return ISSUERS.get(issuer) ?? issuer;
}

/**
 * Says an identity in words: "release.yml in acme/checkout" for a GitHub
 * workflow, the identity itself for anything else.
 *
 * @public
 */
export function identityWords(identity: string): string {
  const workflow = GITHUB_WORKFLOW.exec(identity);
  if (workflow) {
    const [, repository, file, ref] = workflow;
    // Only a branch is left out: a tag may be called main, too.
    if (ref === 'refs/heads/main' || ref === 'refs/heads/master') {
      return `${file} in ${repository}`;
    }
    return `${file} in ${repository} at ${ref.replace(/^refs\/heads\//, '')}`;
  }
  return identity;
}

/**
 * Says a signer in words, for a card: "release.yml in acme/checkout (GitHub
 * Actions)".
 *
 * @public
 */
export function signerWords(
  signer: Pick<Signer, 'issuer' | 'identity'>,
): string {
  return `${identityWords(signer.identity)} (${issuerName(signer.issuer)})`;
}
