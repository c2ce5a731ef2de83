import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import {
  ArtifactDetail,
  describeFinding,
  describeStatus,
  ExpectedSigner,
  Finding,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { ComparisonTable } from '../ui/ComparisonTable';
import { PlainList, Stack } from '../ui/Layout';
import { Text } from '../ui/Text';
import { CheckLine } from '../ui/CheckLine';
import { expectedIdentities, nearest } from '../words/expectedWords';
import { FindingAdvice } from '../words/FindingAdvice';
import { policyName } from '../words/policyName';
import { Translate } from '../words/translate';
import { isSaidBySentence } from './Sentence';
import { Deciding } from './deciding';

type Comparison = NonNullable<Finding['comparisons']>[number];

/** Findings in which a rule, and not the evidence, says what is expected. */
const BY_RULE = new Set<Finding['code']>([
  'signer-not-allowed',
  'signed-outside-window',
  'predicate-missing',
  'signature-missing',
  'evidence-elsewhere',
]);

/** What does not hold, open: expected beside found, why, and what to do. */
export function WhatDiffers(props: {
  detail: ArtifactDetail;
  deciding?: Deciding;
}) {
  const { detail, deciding } = props;
  const { status, mode, findings } = detail;
  if (status === 'expected-signer' || status === 'pending') return null;
  if (findings.length === 0) return null;
  const { tone } = describeStatus(status, mode);
  return (
    <Stack gap={2}>
      {findings.map((finding, index) => (
        <Stack gap={1} key={`${finding.code} ${index}`}>
          <Text as="h3" strong tone={tone}>
            {describeFinding(finding.code).title}
          </Text>
          <Comparisons finding={finding} detail={detail} />
          <FindingAdvice
            finding={finding}
            alreadySaid={index === 0 && isSaidBySentence(detail)}
          />
        </Stack>
      ))}
      <FailedChecks deciding={deciding} />
    </Stack>
  );
}

function Comparisons(props: { finding: Finding; detail: ArtifactDetail }) {
  const { finding, detail } = props;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const { comparisons = [] } = finding;
  if (comparisons.length === 0) return null;
  const byRule = detail.policies.length === 1 && BY_RULE.has(finding.code);
  return (
    <ComparisonTable
      comparisons={comparisons.map(comparison =>
        readable(comparison, detail.expected, t),
      )}
      labels={{
        aspect: t('provenance.differs.aspect'),
        found: t('words.found'),
        expected: byRule
          ? t('provenance.differs.expectedByRule', {
              rule: policyName(detail.policies[0], t),
            })
          : t('provenance.differs.expected'),
      }}
    />
  );
}

/** A pattern that matches only a few identities is compared as the nearest. */
function readable(
  comparison: Comparison,
  expected: ExpectedSigner[],
  t: Translate,
) {
  const pattern = expected.find(
    one => one.pattern && one.identity === comparison.expected,
  );
  if (!pattern) return comparison;
  const identity = nearest(expectedIdentities(pattern), comparison.found);
  return identity === pattern.identity
    ? comparison
    : {
        ...comparison,
        expected: identity,
        note: t('provenance.differs.pattern', { pattern: pattern.identity }),
      };
}

function FailedChecks(props: { deciding?: Deciding }) {
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const checks = props.deciding?.verification?.checks ?? [];
  const open = checks.filter(
    ({ outcome }) => outcome === 'failed' || outcome === 'not-reached',
  );
  if (open.length === 0) return null;
  return (
    <Stack gap={0.5}>
      <Text as="h3" strong>
        {t('provenance.checks.failed')}
      </Text>
      <PlainList>
        {open.map(({ name, outcome }) => (
          <CheckLine
            key={name}
            outcome={outcome}
            note={
              outcome === 'not-reached'
                ? t('provenance.checks.not-reached')
                : undefined
            }
          >
            {t(`provenance.checks.name.${name}`)}
          </CheckLine>
        ))}
      </PlainList>
    </Stack>
  );
}
