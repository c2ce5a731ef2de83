import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { addressOf, domain } from './names.ts';

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

/** The same for GitLab. */
const gitlabPipeline = {
  DefaultTemplateValues: { url: 'https://gitlab.com', environment: '' },
  ExtensionTemplates: {
    BuildSignerURI: 'https://{{ .ci_config_ref_uri }}',
    BuildSignerDigest: 'ci_config_sha',
    RunnerEnvironment: 'runner_environment',
    SourceRepositoryURI: '{{ .url }}/{{ .project_path }}',
    SourceRepositoryDigest: 'sha',
    SourceRepositoryRef:
      'refs/{{if eq .ref_type "branch"}}heads/{{ else }}tags/{{end}}{{ .ref }}',
    SourceRepositoryIdentifier: 'project_id',
    SourceRepositoryOwnerURI: '{{ .url }}/{{ .namespace_path }}',
    SourceRepositoryOwnerIdentifier: 'namespace_id',
    BuildConfigURI: 'https://{{ .ci_config_ref_uri }}',
    BuildConfigDigest: 'ci_config_sha',
    BuildTrigger: 'pipeline_source',
    RunInvocationURI: '{{ .url }}/{{ .project_path }}/-/jobs/{{ .job_id }}',
    SourceRepositoryVisibilityAtSigning: 'project_visibility',
    DeploymentEnvironment: 'environment',
  },
  SubjectAlternativeNameTemplate: 'https://{{ .ci_config_ref_uri }}',
};

/**
 * Writes Fulcio's configuration: the issuers it accepts, one of each kind.
 *
 * @returns path of the file (JSON, where Fulcio has other field names than in YAML)
 */
export function fulcioConfig(dir: string): string {
  const file = path.join(dir, 'fulcio.json');
  const issuer = (name: Parameters<typeof addressOf>[0], rules: object) => ({
    [addressOf(name)]: {
      IssuerURL: addressOf(name),
      ClientID: 'sigstore',
      ...rules,
    },
  });
  const config = {
    OIDCIssuers: {
      ...issuer('workflowIssuer', {
        Type: 'ci-provider',
        CIProvider: 'github-workflow',
      }),
      ...issuer('personIssuer', { Type: 'email' }),
      ...issuer('pipelineIssuer', {
        Type: 'ci-provider',
        CIProvider: 'gitlab-pipeline',
      }),
      ...issuer('clusterIssuer', { Type: 'kubernetes' }),
      ...issuer('spireIssuer', { Type: 'spiffe', SPIFFETrustDomain: domain }),
      ...issuer('usernameIssuer', { Type: 'username', SubjectDomain: domain }),
    },
    CIIssuerMetadata: {
      'github-workflow': githubWorkflow,
      'gitlab-pipeline': gitlabPipeline,
    },
  };
  writeFileSync(file, JSON.stringify(config, null, 2));
  return file;
}
