import type { WorkflowRun } from '../stack/tokens.ts';

/**
 * The predicate of SLSA provenance v1 for a run of a GitHub Actions workflow
 * (build type https://actions.github.io/buildtypes/workflow/v1). Its builder is
 * what the certificate calls the build signer.
 */
export function provenanceOf(run: WorkflowRun): object {
  const repository = `https://github.com/${run.repository}`;
  const path = `.github/workflows/${run.workflow}`;
  return {
    buildDefinition: {
      buildType: 'https://actions.github.io/buildtypes/workflow/v1',
      externalParameters: { workflow: { ref: run.ref, repository, path } },
      internalParameters: {
        github: {
          event_name: run.event,
          repository_id: run.repositoryId,
          repository_owner_id: run.ownerId,
          runner_environment: 'github-hosted',
        },
      },
      resolvedDependencies: [
        {
          uri: `git+${repository}@${run.ref}`,
          digest: { gitCommit: run.commit },
        },
      ],
    },
    runDetails: {
      builder: { id: `${repository}/${path}@${run.ref}` },
      metadata: {
        invocationId: `${repository}/actions/runs/${run.runId}/attempts/1`,
      },
    },
  };
}
