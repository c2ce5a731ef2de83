import {
  Finding,
  Verification,
  describeStatus,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { ENGINE_REVISION } from '@cloudythings/sigstore-engine';
import { exitCodeOf } from '../exitCodes';
import type { Verified } from '../verifyArtifact/verifyArtifact';
import { checkWords } from './checkWords';
import { explain } from './findingWords';
import { policyWords } from './policyWords';
import type { Report } from './reportSchema';
import { sentenceOf } from './sentence';

/** Version of the form in which JSON is written. */
export const REPORT_VERSION = 1;

/** Everything that is said about a checked artifact, in words and in data. */
export function reportOn(verified: Verified): Report {
  const { given, kind, reference, gathered, verdict } = verified;
  const { status, mode, policies, findings, notices, ...decided } = verdict;
  const { answers, signer, signedAt, decidingEvidence, expected } = decided;
  const { throughIndex } = decided;
  const digest = gathered.artifact?.digest;
  return {
    version: REPORT_VERSION,
    exitCode: exitCodeOf(status),
    status,
    label: describeStatus(status, mode).label,
    ...(mode ? { mode } : {}),
    sentence: sentenceOf(verdict, digest),
    policy: reportPolicy(verified),
    artifact: {
      given,
      ...(kind ? { kind } : {}),
      ...(reference ? { reference } : {}),
      ...(digest ? { digest } : {}),
    },
    lookups: gathered.lookups,
    evidence: gathered.evidence.map(({ evidence, sources }) => ({
      digest: evidence.digest,
      mediaType: evidence.mediaType,
      sources,
      verifications: verified.verifications
        .filter(({ evidenceDigest }) => evidenceDigest === evidence.digest)
        .map(reportVerification),
    })),
    answers,
    ...(signer ? { signer } : {}),
    ...(signedAt ? { signedAt } : {}),
    ...(decidingEvidence ? { decidingEvidence } : {}),
    ...(throughIndex ? { throughIndex } : {}),
    expected,
    findings: findings.map(explain),
    notices: notices.map(explain),
    engineRevision: ENGINE_REVISION,
  };
}

function reportPolicy(verified: Verified): Report['policy'] {
  const { expectations, verdict } = verified;
  const { origin, digest, roots, profiles } = expectations;
  return {
    origin,
    digest,
    covering: verdict.policies,
    words: policyWords(expectations, verdict),
    trustedRoots: profiles.map(profile => ({
      name: profile.name,
      from: roots.find(({ name }) => name === profile.name)?.from ?? '',
      digest: profile.digest,
      thresholds: profile.thresholds,
    })),
    ...(verified.entity ? { entity: verified.entity } : {}),
    warnings: warningsOf(verified),
  };
}

function warningsOf(verified: Verified): string[] {
  const { expectations, trustWorkspace, allowDemoRoot } = verified;
  return [
    ...(trustWorkspace
      ? [
          '--trust-workspace: policies, roots, keys and the entity may come from the checked-out sources, so whoever can change those decides.',
        ]
      : []),
    ...(allowDemoRoot
      ? ['--allow-demo-root: signatures of the demo mean nothing elsewhere.']
      : []),
    ...expectations.warnings.map(
      ({ place, policy, field, message }) =>
        `${place}: ${policy}: ${field}: ${message}`,
    ),
  ];
}

function reportVerification({
  trustedRoot,
  checks,
  facts,
  findings,
}: Verification): Report['evidence'][number]['verifications'][number] {
  const withFinding = (finding: Finding | undefined) =>
    finding ? { finding: explain(finding) } : {};
  return {
    trustedRoot,
    holds: facts !== undefined && findings.length === 0,
    ...(facts ? { signer: facts.signer } : {}),
    checks: checks.map(({ name, outcome, finding }) => ({
      name,
      words: checkWords(name),
      outcome,
      ...withFinding(finding),
    })),
  };
}
