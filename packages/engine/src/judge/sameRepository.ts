import {
  ExpectedSigner,
  SAME_REPOSITORY_POLICY,
  Signer,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { fillTemplate } from './patterns';
import { ANY_ROOT, Rule, compareWith } from './rule';

const GITHUB_ACTIONS = 'https://token.actions.githubusercontent.com';
const PULL_REQUESTS = ['pull_request', 'pull_request_target'];

/**
 * Without a policy: GitHub's own workflows, run for this repository, on a
 * branch or tag, and not for a pull request, which anybody can open. Where the
 * workflow's own file lies is not asked: it may be one that many repositories
 * share.
 */
export function sameRepository(repository: string): Rule {
  const uri = `https://github.com/${repository}`;
  const workflows =
    'https://github\\.com/{{ repository }}/\\.github/workflows/.*';
  const anyWorkflow = `any workflow that runs for ${repository}`;
  const expected: [ExpectedSigner] = [
    {
      policy: SAME_REPOSITORY_POLICY,
      authority: SAME_REPOSITORY_POLICY,
      trustedRoot: ANY_ROOT,
      issuer: GITHUB_ACTIONS,
      identity: fillTemplate(workflows, { repository }, true) ?? uri,
      pattern: true,
      extensions: { sourceRepositoryURI: uri },
      predicateTypes: [],
    },
  ];
  const conditions = ({ extensions }: Signer) => [
    {
      aspect: 'source repository',
      found: extensions.sourceRepositoryURI ?? 'not stated',
      expected: uri,
      holds: isSameName(extensions.sourceRepositoryURI, uri),
    },
    {
      aspect: 'ref',
      found: extensions.sourceRepositoryRef ?? 'not stated',
      expected: 'a branch or a tag',
      holds: /^refs\/(heads|tags)\/./.test(
        extensions.sourceRepositoryRef ?? '',
      ),
    },
    {
      aspect: 'trigger',
      found: extensions.buildTrigger ?? 'not stated',
      expected: 'anything but a pull request',
      holds:
        extensions.buildTrigger !== undefined &&
        !PULL_REQUESTS.includes(extensions.buildTrigger),
    },
  ];
  return {
    policy: SAME_REPOSITORY_POLICY,
    mode: 'warn',
    authorities: [
      {
        name: SAME_REPOSITORY_POLICY,
        predicateTypes: [],
        withSignature: false,
        window: {},
        allows: signer =>
          signer.issuer === GITHUB_ACTIONS &&
          conditions(signer).every(({ holds }) => holds),
      },
    ],
    expected,
    compare: signer => [
      ...compareWith([{ ...expected[0], identity: anyWorkflow }], signer),
      ...conditions(signer)
        .filter(({ holds }) => !holds)
        .map(({ holds, ...comparison }) => comparison),
    ],
  };
}

/** GitHub tells no two names apart that differ in the case of ASCII letters. */
function isSameName(found: string | undefined, expected: string): boolean {
  return found !== undefined && lowered(found) === lowered(expected);
}

function lowered(name: string): string {
  return name.replace(/[A-Z]/g, letter => letter.toLowerCase());
}
