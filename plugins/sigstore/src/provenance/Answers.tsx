import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import {
  ArtifactDetail,
  describeStatus,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { AnswerTile } from '../ui/AnswerTile';
import { Columns } from '../ui/Layout';
import { placesOf } from '../words/lookupWords';
import { policyName } from '../words/policyName';
import { rightSignerFinding } from '../words/rightSigner';
import { Translate } from '../words/translate';
import { Deciding } from './deciding';

/** The three answers above the detail, each with its reason. */
export function Answers(props: {
  detail: ArtifactDetail;
  deciding?: Deciding;
}) {
  const { detail, deciding } = props;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const { tone } = describeStatus(detail.status, detail.mode);
  const because = {
    signatureFound: whyFound(detail, t),
    evidenceSound: whySound(detail, deciding, t),
    expectedSigner: whyExpected(detail, t),
  };
  const questions = Object.keys(because) as (keyof typeof because)[];
  return (
    <Columns as="ul" sx={{ listStyle: 'none', margin: 0, padding: 0 }}>
      {questions.map(question => (
        <AnswerTile
          key={question}
          question={t(`provenance.answers.${question}`)}
          answer={detail.answers[question]}
          word={t(`provenance.answers.${detail.answers[question]}`)}
          because={because[question]}
          tone={tone}
        />
      ))}
    </Columns>
  );
}

function whyFound(detail: ArtifactDetail, t: Translate): string {
  switch (detail.answers.signatureFound) {
    case 'yes': {
      const found = detail.lookups.filter(({ outcome }) => outcome === 'found');
      const seen = detail.evidence.flatMap(({ sightings }) => sightings);
      const places = placesOf(seen.length > 0 ? seen : found).join(', ');
      const count = detail.evidence.length;
      return count > 0
        ? t('provenance.answers.pieces', { count, places })
        : t('provenance.answers.found', { places });
    }
    case 'no':
      return t('provenance.answers.nothingFound');
    default:
      return t('provenance.answers.foundUnknown');
  }
}

function whySound(
  detail: ArtifactDetail,
  deciding: Deciding | undefined,
  t: Translate,
): string {
  const checks = (deciding?.verification?.checks ?? []).filter(
    ({ outcome }) => outcome !== 'not-applicable',
  );
  switch (detail.answers.evidenceSound) {
    case 'yes':
    case 'no': {
      const held = checks.filter(({ outcome }) => outcome === 'passed').length;
      if (
        checks.length === held &&
        detail.answers.evidenceSound === 'no' &&
        held > 0
      ) {
        return t('provenance.answers.contradicts');
      }
      if (checks.length > 0) {
        return t('provenance.answers.checksHold', {
          held: String(held),
          total: String(checks.length),
        });
      }
      return detail.answers.evidenceSound === 'yes'
        ? t('provenance.answers.sound')
        : t('provenance.answers.notSound');
    }
    case 'unknown':
      return t('provenance.answers.soundUnknown');
    default:
      return t('provenance.answers.soundNotAsked');
  }
}

function whyExpected(detail: ArtifactDetail, t: Translate): string {
  const count = detail.policies.length;
  const rules = detail.policies
    .map(name => `“${policyName(name, t)}”`)
    .join(', ');
  if (count === 0 && detail.status === 'no-policy') {
    return t('provenance.answers.signerNoRule');
  }
  switch (detail.answers.expectedSigner) {
    case 'yes':
      return t('provenance.answers.allowed', { count, rules });
    case 'no': {
      const rightSigner = rightSignerFinding(detail);
      if (rightSigner) return t(`provenance.answers.${rightSigner}`);
      return detail.status === 'evidence-incomplete'
        ? t('provenance.answers.incomplete', { count, rules })
        : t('provenance.answers.notAllowed', { count, rules });
    }
    case 'unknown':
      return t('provenance.answers.signerUnknown');
    default:
      return t('provenance.answers.signerNotAsked');
  }
}
