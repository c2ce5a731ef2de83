import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Surroundings } from '../Surroundings';

/**
 * Set by CI systems, not all of which set `CI`. Some of these names others may
 * set as well: who is taken for a pipeline is told so, and how to go on.
 */
const CI_MARKS = [
  'CI',
  'CONTINUOUS_INTEGRATION',
  'BUILD_ID',
  'BUILD_NUMBER',
  'CI_APP_ID',
  'CI_BUILD_ID',
  'CI_BUILD_NUMBER',
  'CI_NAME',
  'CI_PIPELINE_ID',
  'CI_XCODE_PROJECT',
  'AC_APPCIRCLE',
  'AGOLA_GIT_REF',
  'APPCENTER_BUILD_ID',
  'APPVEYOR',
  'ARGO_TEMPLATE',
  'bamboo_planKey',
  'BITBUCKET_COMMIT',
  'BITRISE_IO',
  'BUDDY_WORKSPACE_ID',
  'BUILDER_OUTPUT',
  'BUILDKITE',
  'CF_BUILD_ID',
  'CIRCLECI',
  'CIRRUS_CI',
  'CM_BUILD_ID',
  'CODEBUILD_BUILD_ARN',
  'CODEBUILD_BUILD_ID',
  'DRONE',
  'DSARI',
  'EARTHLY_CI',
  'EAS_BUILD',
  'FORGEJO_ACTIONS',
  'GERRIT_PROJECT',
  'GITEA_ACTIONS',
  'GITHUB_ACTIONS',
  'GITLAB_CI',
  'GO_PIPELINE_LABEL',
  'HARNESS_BUILD_ID',
  'HUDSON_URL',
  'JENKINS_URL',
  'NETLIFY',
  'NOW_BUILDER',
  'PROW_JOB_ID',
  'RELEASE_BUILD_ID',
  'SAILCI',
  'SCREWDRIVER',
  'SEMAPHORE',
  'TEAMCITY_VERSION',
  'TF_BUILD',
  'TRAVIS',
  'VELA',
  'VERCEL',
  'WOODPECKER',
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
  'AC_REPOSITORY_DIR',
  'APPVEYOR_BUILD_FOLDER',
  'bamboo_build_working_directory',
  'BITRISE_SOURCE_DIR',
  'CI_PRIMARY_REPOSITORY_PATH',
  'CIRRUS_WORKING_DIR',
  'CM_BUILD_DIR',
  'EAS_BUILD_WORKINGDIR',
  'SD_SOURCE_DIR',
  'SYSTEM_DEFAULTWORKINGDIRECTORY',
  'VELA_BUILD_WORKSPACE',
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
