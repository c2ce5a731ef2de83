import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { ArtifactReport } from '@cloudythings/backstage-plugin-sigstore-common';
import { evidenceRouteRef } from '../routes';
import { sigstoreTranslationRef } from '../translation';
import { Text } from '../ui/Text';
import { More } from '../ui/TextButton';
import { artifactName } from '../words/artifactName';

/** Leads to the provenance tab; nothing in an app that does not have it. */
export function EvidenceLink(props: { artifact?: ArtifactReport }) {
  const { artifact } = props;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const toEvidence = useRouteRef(evidenceRouteRef);
  if (!toEvidence) return null;
  const query = artifact ? `?artifact=${encodeURIComponent(artifact.id)}` : '';
  return (
    <Text style={{ whiteSpace: 'nowrap' }}>
      <Link
        to={`${toEvidence()}${query}`}
        aria-label={
          artifact &&
          t('card.evidenceFor', { name: artifactName(artifact.reference) })
        }
      >
        {t('card.evidence')}
        <More />
      </Link>
    </Text>
  );
}
