import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { ArtifactReport } from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { EvidenceText } from '../ui/EvidenceText';
import { Text } from '../ui/Text';
import { artifactName } from './artifactName';
import { asTitle, isWords } from './isWords';

/** What an artifact is and how it is called. */
export function ArtifactTitle(props: {
  artifact: Pick<ArtifactReport, 'kind' | 'reference'>;
  strong?: boolean;
}) {
  const { artifact, strong } = props;
  const { kind, reference } = artifact;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  if (isWords(reference)) {
    return <EvidenceText strong={strong}>{asTitle(reference)}</EvidenceText>;
  }
  return (
    <>
      <Text tone="quiet">{t(`words.kind.${kind}`)}</Text>{' '}
      <EvidenceText strong={strong}>{artifactName(reference)}</EvidenceText>
    </>
  );
}
