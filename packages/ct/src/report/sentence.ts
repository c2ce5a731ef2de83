import {
  describeFinding,
  describeStatus,
  signerWords,
} from '@cloudythings/backstage-plugin-sigstore-common';
import type { Verdict } from '@cloudythings/sigstore-engine';

/** Says a verdict in one sentence. */
export function sentenceOf(verdict: Verdict, digest?: string): string {
  const { status, mode, signer, signedAt, policies, findings } = verdict;
  const { throughIndex } = verdict;
  const { label } = describeStatus(status, mode);
  if (status === 'expected-signer' && signer) {
    const time = signedAt ? ` at ${signedAt}` : '';
    const signed = throughIndex
      ? `the index ${throughIndex}, which lists ${digest}`
      : digest;
    return `${label}: ${signerWords(
      signer,
    )} signed ${signed}${time}, as ${rulesWords(policies)}.`;
  }
  const [finding] = findings;
  if (!finding) return `${label}.`;
  const { detail } = finding;
  const { whatHappened } = describeFinding(finding.code);
  return `${label}: ${(detail ?? whatHappened).replace(/\.$/, '')}.`;
}

function rulesWords(policies: string[]): string {
  const names = policies.map(name => `“${name}”`).join(', ');
  return policies.length > 1
    ? `the policies ${names} expect`
    : `the policy ${names} expects`;
}
