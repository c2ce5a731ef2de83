import {
  Finding,
  FindingCode,
  describeFinding,
} from '@cloudythings/backstage-plugin-sigstore-common';
import type { ExplainedFinding } from './reportSchema';

/** What to do about it at a command line, where that is something else. */
const WHAT_TO_DO: Partial<Record<FindingCode, string>> = {
  'host-not-allowed':
    'If the host is right, pass --allow-host, or --allow-private-address where it is in a private network. A file that is a link out of its folder is given by its own path.',
  'source-unreachable':
    'Try again, or check whether the source is up and can be reached from here. With --bundle no source is asked for evidence.',
  'source-refused':
    'ct sends no credentials. Make the artifact readable without them, name a mirror that adds them with --mirror, or give its digest and --bundle.',
  'artifact-not-found':
    'Check the reference or path: the tag or file may have been removed or misspelt.',
  'reference-unreadable': 'Correct the reference; the detail says how.',
  'policy-missing':
    'Add a trust policy that covers this reference and kind, or say with --reference and --kind under which policies know it.',
  'key-unknown':
    'If the key is yours, give it with --key or as an authority of a policy. If not, treat the evidence as forged.',
};

/** Why it matters, where that is something else. */
const WHY: Partial<Record<FindingCode, string>> = {
  'host-not-allowed':
    'A reference can name any host; only those are asked that are well known or that you allow.',
};

/** Adds to a finding what it means and what to do. */
export function explain(finding: Finding): ExplainedFinding {
  const { title, whatHappened, whyItMatters, whatToDo } = describeFinding(
    finding.code,
  );
  return {
    ...finding,
    title,
    whatHappened,
    whyItMatters: WHY[finding.code] ?? whyItMatters,
    whatToDo: WHAT_TO_DO[finding.code] ?? whatToDo,
  };
}
