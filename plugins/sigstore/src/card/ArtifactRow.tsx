import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { ArtifactReport } from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { useDisclosure } from '../ui/Disclosure';
import { IconRow } from '../ui/IconRow';
import { Inline, Stack, WithEnd } from '../ui/Layout';
import { StatusIcon } from '../ui/StatusIcon';
import { Text } from '../ui/Text';
import { TextButton } from '../ui/TextButton';
import { ArtifactLabel } from '../words/ArtifactLabel';
import { artifactName } from '../words/artifactName';
import { ArtifactTitle } from '../words/ArtifactTitle';
import { FindingAdvice } from '../words/FindingAdvice';
import { OriginLines } from '../words/OriginLines';
import { EvidenceLink } from './EvidenceLink';
import { FoundExpected } from './FoundExpected';
import { RowSummary } from './RowSummary';

/** One artifact: what it is, how it stands, and what to do where something is. */
export function ArtifactRow(props: {
  artifact: ArtifactReport;
  owner?: string;
  /** Whether it is the only one on the card, whose footer leads to it. */
  alone?: boolean;
  /** Whether to say that it does not count: beside others that do. */
  sayUncounted?: boolean;
}) {
  const { artifact, owner, alone, sayUncounted } = props;
  const { reference, status, mode, findings, required } = artifact;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const { open, trigger, region } = useDisclosure();
  const name = artifactName(reference);
  const hasAdvice = status !== 'expected-signer' && findings.length > 0;
  return (
    <IconRow icon={<StatusIcon status={status} mode={mode} />}>
      <Inline spread gap={2}>
        <Text title={reference}>
          <ArtifactTitle artifact={artifact} strong />
          {required || !sayUncounted ? null : (
            <Text tone="quiet" size="small">
              {' '}
              · {t('card.notCounted')}
            </Text>
          )}
        </Text>
        <ArtifactLabel artifact={artifact} />
      </Inline>
      <OriginLines artifact={artifact} />
      <FoundExpected artifact={artifact} />
      <WithEnd>
        <RowSummary artifact={artifact} owner={owner} />
        {hasAdvice ? (
          <TextButton
            {...trigger}
            more={!open}
            aria-label={open ? undefined : t('card.whatToDoFor', { name })}
          >
            {open ? t('card.hide') : t('card.whatToDo')}
          </TextButton>
        ) : null}
        {!hasAdvice && !alone ? <EvidenceLink artifact={artifact} /> : null}
      </WithEnd>
      {open ? (
        <Stack gap={1.5} {...region} sx={{ paddingTop: 1 }}>
          {findings.map(finding => (
            <FindingAdvice key={finding.code} finding={finding} />
          ))}
          <EvidenceLink artifact={artifact} />
        </Stack>
      ) : null}
    </IconRow>
  );
}
