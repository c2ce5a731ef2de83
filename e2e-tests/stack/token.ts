import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { runDir } from './paths.ts';
import {
  clusterToken,
  personToken,
  pipelineToken,
  usernameToken,
  workflowToken,
  workloadToken,
} from './tokens.ts';

/** Prints an identity token of the stack started with `stack:up`. */
const usage = `node e2e-tests/stack/token.ts workflow OWNER/REPOSITORY FILE.yml [REF]
node e2e-tests/stack/token.ts pipeline GROUP/PROJECT
node e2e-tests/stack/token.ts person EMAIL
node e2e-tests/stack/token.ts cluster NAMESPACE SERVICEACCOUNT
node e2e-tests/stack/token.ts workload /PATH
node e2e-tests/stack/token.ts username NAME`;

const byOneName = {
  pipeline: pipelineToken,
  person: personToken,
  workload: workloadToken,
  username: usernameToken,
};

const [kind, who, workflow, ref = 'refs/heads/main'] = process.argv.slice(2);
const key = () => readFileSync(path.join(runDir, 'issuer.key'), 'utf8');
if (kind === 'workflow' && who && workflow) {
  console.log(
    workflowToken(key(), {
      repository: who,
      workflow,
      workflowName: workflow.replace(/\.ya?ml$/, ''),
      ref,
      commit: createHash('sha1').update(who).digest('hex'),
      repositoryId: '1',
      ownerId: '1',
      runId: '1',
      event: 'push',
    }),
  );
} else if (kind === 'cluster' && who && workflow) {
  console.log(clusterToken(key(), who, workflow));
} else if (kind && kind in byOneName && who) {
  console.log(byOneName[kind as keyof typeof byOneName](key(), who));
} else {
  console.error(usage);
  process.exit(kind === '--help' ? 0 : 2);
}
