import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { addressOf } from './names.ts';

/**
 * Fulcio's rules for GitHub Actions, the same as the public instance's: which
 * claim of the token becomes which extension of the certificate, and what the
 * subject alternative name is made of.
 */
const githubWorkflow = {
  DefaultTemplateValues: { url: 'https://github.com', environment: '' },
  ExtensionTemplates: {
    GithubWorkflowTrigger: 'event_name',
    GithubWorkflowSHA: 'sha',
    GithubWorkflowName: 'workflow',
    GithubWorkflowRepository: 'repository',
    GithubWorkflowRef: 'ref',
    BuildSignerURI: '{{ .url }}/{{ .job_workflow_ref }}',
    BuildSignerDigest: 'job_workflow_sha',
    RunnerEnvironment: 'runner_environment',
    SourceRepositoryURI: '{{ .url }}/{{ .repository }}',
    SourceRepositoryDigest: 'sha',
    SourceRepositoryRef: 'ref',
    SourceRepositoryIdentifier: 'repository_id',
    SourceRepositoryOwnerURI: '{{ .url }}/{{ .repository_owner }}',
    SourceRepositoryOwnerIdentifier: 'repository_owner_id',
    BuildConfigURI: '{{ .url }}/{{ .workflow_ref }}',
    BuildConfigDigest: 'workflow_sha',
    BuildTrigger: 'event_name',
    RunInvocationURI:
      '{{ .url }}/{{ .repository }}/actions/runs/{{ .run_id }}/attempts/{{ .run_attempt }}',
    SourceRepositoryVisibilityAtSigning: 'repository_visibility',
    DeploymentEnvironment: 'environment',
  },
  SubjectAlternativeNameTemplate: '{{ .url }}/{{ .job_workflow_ref }}',
};

/**
 * Writes Fulcio's configuration: the two issuers it accepts.
 *
 * @returns path of the file (JSON, where Fulcio has other field names than in YAML)
 */
export function fulcioConfig(dir: string): string {
  const workflows = addressOf('workflowIssuer');
  const people = addressOf('personIssuer');
  const file = path.join(dir, 'fulcio.json');
  const config = {
    OIDCIssuers: {
      [workflows]: {
        IssuerURL: workflows,
        ClientID: 'sigstore',
        Type: 'ci-provider',
        CIProvider: 'github-workflow',
      },
      [people]: { IssuerURL: people, ClientID: 'sigstore', Type: 'email' },
    },
    CIIssuerMetadata: { 'github-workflow': githubWorkflow },
  };
  writeFileSync(file, JSON.stringify(config, null, 2));
  return file;
}
