import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Surroundings } from '../Surroundings';

/** Set by CI systems, not all of which set `CI`. */
const CI_MARKS = [
  'CI',
  'GITHUB_ACTIONS',
  'GITLAB_CI',
  'TF_BUILD',
  'JENKINS_URL',
  'BUILDKITE',
  'TEAMCITY_VERSION',
  'CODEBUILD_BUILD_ID',
];

/** Where CI systems say they checked the sources out. */
const CHECKOUTS = [
  'GITHUB_WORKSPACE',
  'CI_PROJECT_DIR',
  'WORKSPACE',
  'BUILD_SOURCESDIRECTORY',
  'CIRCLE_WORKING_DIRECTORY',
  'BITBUCKET_CLONE_DIR',
  'BUILDKITE_BUILD_CHECKOUT_PATH',
  'TRAVIS_BUILD_DIR',
  'DRONE_WORKSPACE',
  'CI_WORKSPACE',
  'CODEBUILD_SRC_DIR',
];

/** Whether the command runs in a pipeline. */
export function runsInCi({ env }: Pick<Surroundings, 'env'>): boolean {
  return CI_MARKS.some(name => {
    const value = env[name]?.toLowerCase() ?? '';
    return value !== '' && value !== 'false' && value !== '0';
  });
}

/**
 * Folders with checked-out sources: where the CI system says they are, and the
 * work tree around the working directory. Of nested work trees the outermost
 * counts, because a build can make an inner one.
 */
export function workspaceFolders({
  env,
  workingDirectory,
}: Pick<Surroundings, 'env' | 'workingDirectory'>): string[] {
  const home = env.HOME ?? '';
  const stated = CHECKOUTS.flatMap(name => {
    const folder = env[name]?.replace(/^~(?=\/|$)/, home);
    return folder ? [resolve(workingDirectory, folder)] : [];
  });
  return [...new Set([workTree(workingDirectory), ...stated])];
}

function workTree(folder: string): string {
  let outermost = folder;
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) outermost = at;
    if (dirname(at) === at) return outermost;
  }
}
