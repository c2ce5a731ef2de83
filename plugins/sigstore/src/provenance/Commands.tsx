import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { ArtifactDetail } from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { CommandBlock } from '../ui/CommandBlock';
import { Stack } from '../ui/Layout';
import { PanelSection } from '../ui/Panel';
import { Text } from '../ui/Text';

/** Commands that repeat the check, with what they need and what they leave out. */
export function Commands(props: { detail: ArtifactDetail }) {
  const { commands, expected } = props.detail;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  if (commands.length === 0) return null;
  const needsFiles = commands.some(({ command }) =>
    /--(trusted-root|key)=/.test(command),
  );
  const leavesOut = expected.some(
    ({ extensions, signedAfter, signedBefore }) =>
      extensions || signedAfter || signedBefore,
  );
  return (
    <PanelSection data-ruled>
      <Stack gap={1}>
        <Text as="h3" strong>
          {t('provenance.commands.title')}
        </Text>
        {commands.map(({ tool, command }) => (
          <CommandBlock
            key={command}
            text={command}
            what={t('provenance.commands.command', { tool })}
          />
        ))}
        <Text as="p" tone="quiet" size="small">
          {t('provenance.commands.digest')}
          {needsFiles ? ` ${t('provenance.commands.files')}` : null}
          {leavesOut ? ` ${t('provenance.commands.leavesOut')}` : null}
        </Text>
      </Stack>
    </PanelSection>
  );
}
