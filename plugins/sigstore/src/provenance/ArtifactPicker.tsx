import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { ArtifactReport } from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { ChoiceList } from '../ui/ChoiceList';
import { StatusIcon } from '../ui/StatusIcon';
import { Text } from '../ui/Text';
import { ArtifactLabel } from '../words/ArtifactLabel';
import { ArtifactTitle } from '../words/ArtifactTitle';
import { isWords } from '../words/isWords';

/** The artifacts of the entity, to choose one of; the address remembers which. */
export function ArtifactPicker(props: {
  artifacts: ArtifactReport[];
  chosen: string;
}) {
  const { t } = useTranslationRef(sigstoreTranslationRef);
  return (
    <ChoiceList
      label={t('provenance.artifacts')}
      items={props.artifacts.map(artifact => ({
        id: `${artifact.entityRef} ${artifact.id}`,
        to: `?artifact=${encodeURIComponent(artifact.id)}`,
        current: artifact.id === props.chosen,
        content: <Choice artifact={artifact} />,
      }))}
    />
  );
}

function Choice(props: { artifact: ArtifactReport }) {
  const { artifact } = props;
  const { reference, status, mode, declared } = artifact;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  return (
    <>
      <StatusIcon status={status} mode={mode} />
      <span>
        <Text as="span" style={{ display: 'block' }} title={reference}>
          <ArtifactTitle artifact={artifact} />
        </Text>
        <Text size="small">
          <ArtifactLabel artifact={artifact} />
          {declared || isWords(reference) ? null : (
            <Text tone="quiet"> · {t('words.running')}</Text>
          )}
        </Text>
      </span>
    </>
  );
}
