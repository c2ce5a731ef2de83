const ARC = '1.3.6.1.4.1.57264.1';

/** Fulcio's certificate extensions, as its docs/oid-info.md names them. */
const EXTENSIONS: Record<string, [title: string, number: number]> = {
  issuerV1: ['Issuer (first form)', 1],
  githubWorkflowTrigger: ['GitHub Workflow Trigger', 2],
  githubWorkflowSHA: ['GitHub Workflow SHA', 3],
  githubWorkflowName: ['GitHub Workflow Name', 4],
  githubWorkflowRepository: ['GitHub Workflow Repository', 5],
  githubWorkflowRef: ['GitHub Workflow Ref', 6],
  issuer: ['Issuer', 8],
  buildSignerURI: ['Build Signer URI', 9],
  buildSignerDigest: ['Build Signer Digest', 10],
  runnerEnvironment: ['Runner Environment', 11],
  sourceRepositoryURI: ['Source Repository URI', 12],
  sourceRepositoryDigest: ['Source Repository Digest', 13],
  sourceRepositoryRef: ['Source Repository Ref', 14],
  sourceRepositoryIdentifier: ['Source Repository Identifier', 15],
  sourceRepositoryOwnerURI: ['Source Repository Owner URI', 16],
  sourceRepositoryOwnerIdentifier: ['Source Repository Owner Identifier', 17],
  buildConfigURI: ['Build Config URI', 18],
  buildConfigDigest: ['Build Config Digest', 19],
  buildTrigger: ['Build Trigger', 20],
  runInvocationURI: ['Run Invocation URI', 21],
  sourceRepositoryVisibilityAtSigning: [
    'Source Repository Visibility At Signing',
    22,
  ],
  deploymentEnvironment: ['Deployment Environment', 23],
  tokenSubject: ['Token Subject', 24],
};

/**
 * Name and object identifier of a certificate extension.
 *
 * @param key - as verification names it; an unknown one stays as it is
 */
export function extensionName(key: string): { title: string; oid?: string } {
  if (!Object.hasOwn(EXTENSIONS, key)) return { title: key };
  const [title, number] = EXTENSIONS[key];
  return { title, oid: `${ARC}.${number}` };
}

/** Extensions of a certificate in the order of their numbers. */
export function inOrder(
  extensions: Record<string, string>,
): [string, string][] {
  const number = (key: string) =>
    Object.hasOwn(EXTENSIONS, key) ? EXTENSIONS[key][1] : 99;
  return Object.entries(extensions).sort(([a], [b]) => number(a) - number(b));
}
