import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import {
  ArtifactReport,
  describeStatus,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { useDisclosure } from '../ui/Disclosure';
import { EvidenceText } from '../ui/EvidenceText';
import { IconRow } from '../ui/IconRow';
import { WithEnd } from '../ui/Layout';
import { PanelSection } from '../ui/Panel';
import { StatusIcon } from '../ui/StatusIcon';
import { Text } from '../ui/Text';
import { TextButton } from '../ui/TextButton';
import { artifactName } from '../words/artifactName';
import { ArtifactRow } from './ArtifactRow';

/** What is as expected, in one line that opens. */
export function GreenRows(props: { artifacts: ArtifactReport[] }) {
  const { artifacts } = props;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const { open, trigger } = useDisclosure();
  const { countLabel } = describeStatus('expected-signer');
  return (
    <>
      <PanelSection as="li">
        <IconRow icon={<StatusIcon status="expected-signer" />}>
          <WithEnd>
            <Text>
              {artifacts.length} {countLabel}{' '}
              <Text tone="quiet">
                {artifacts.map(({ id, kind, reference, declared }, index) => (
                  <span key={id}>
                    {index > 0 ? ', ' : null}
                    {declared ? null : `${t('words.running')} `}
                    {t(`words.kindInText.${kind}`)}{' '}
                    <EvidenceText>{artifactName(reference)}</EvidenceText>
                  </span>
                ))}
              </Text>
            </Text>
            <TextButton
              onClick={trigger.onClick}
              aria-expanded={open}
              aria-label={open ? undefined : t('card.showGreen')}
              more={!open}
            >
              {open ? t('card.hide') : t('card.show')}
            </TextButton>
          </WithEnd>
        </IconRow>
      </PanelSection>
      {open
        ? artifacts.map(artifact => (
            <PanelSection as="li" key={artifact.id}>
              <ArtifactRow artifact={artifact} />
            </PanelSection>
          ))
        : null}
    </>
  );
}
