import {
  KeylessIdentity,
  TrustPolicy,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { templateNames } from '../patterns';
import { Path } from '../policyIssues';
import { UNDECIDED } from './language';
import { GITHUB_ACTIONS } from './knownIssuers';
import { Linter, ReadDocument } from './Linter';

type Extensions = Readonly<Record<string, string>>;

/** Extensions that GitHub's certificates give twice, in an older and a newer form. */
const TWICE: [string, string, (newer: string) => string][] = [
  ['githubWorkflowTrigger', 'buildTrigger', newer => newer],
  ['githubWorkflowSHA', 'sourceRepositoryDigest', newer => newer],
  ['githubWorkflowRef', 'sourceRepositoryRef', newer => newer],
  [
    'githubWorkflowRepository',
    'sourceRepositoryURI',
    newer => newer.replace('https://github.com/', ''),
  ],
];

/** Values that no certificate has together, or with the identities beside them. */
export function lintExtensions(
  linter: Linter,
  read: ReadDocument<TrustPolicy>,
  {
    identities,
    extensions,
  }: { identities: KeylessIdentity[]; extensions: Extensions },
  path: Path,
) {
  const warn = (name: string, message: string) =>
    linter.warn(
      read,
      [...path, 'extensions', name],
      'extension-contradicts',
      message,
    );
  for (const [older, newer, form] of TWICE) {
    const [one, other] = [extensions[older], extensions[newer]];
    if (one !== undefined && other !== undefined && one !== form(other)) {
      warn(
        older,
        `${newer} says the same in another form, and it is ${other}: no certificate has both. Keep ${newer}.`,
      );
    }
  }
  const { sourceRepositoryURI: source, sourceRepositoryOwnerURI: owner } =
    extensions;
  if (source && owner && !source.startsWith(`${owner}/`)) {
    warn(
      'sourceRepositoryOwnerURI',
      `${source} does not belong to ${owner}: no certificate has both. Correct one of them.`,
    );
  }
  for (const name of Object.keys(extensions)) {
    const message = identities.every(one =>
      contradicts(linter, one, name, extensions[name]),
    );
    if (message) warn(name, wordsOf(name, extensions[name]));
  }
}

/** Whether no certificate of the identity has the extension, as far as known. */
function contradicts(
  linter: Linter,
  identity: KeylessIdentity,
  name: string,
  value: string,
): boolean {
  const { issuer, subject, subjectRegExp } = identity;
  if (issuer === undefined) return false;
  if (name === 'issuer') return issuer !== value;
  const isGitHub = `${issuer}/`.startsWith(`${GITHUB_ACTIONS}/`);
  if (name.startsWith('githubWorkflow')) return !isGitHub;
  if (!isGitHub || templateNames(subject ?? subjectRegExp ?? '').length > 0) {
    return false;
  }
  const { languages } = linter;
  const allowed = linter.allowedBy(subject, subjectRegExp);
  if (!allowed) return false;
  const shared = (wanted: string) => {
    const found = linter.expression(wanted);
    return found && languages.example(allowed, found);
  };
  const quoted = value.replace(/[^A-Za-z0-9/]/g, '\\$&');
  let found: string | undefined | typeof UNDECIDED = UNDECIDED;
  if (name === 'buildSignerURI') found = shared(quoted);
  if (name === 'sourceRepositoryURI') found = shared(`${quoted}/.*`);
  if (name === 'sourceRepositoryRef') found = shared(`.*@${quoted}`);
  return found === undefined;
}

function wordsOf(name: string, value: string): string {
  if (name.startsWith('sourceRepository')) {
    return `the identities beside it are workflows of another repository or ref than ${value}, so this holds only where they are called as reusable workflows. If that is not meant, correct one of them.`;
  }
  return `no certificate of the identities beside it says ${value} here. Correct it, or remove it.`;
}
