import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { EntityReport } from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { Inline } from '../ui/Layout';
import { Text } from '../ui/Text';
import { policyName } from '../words/policyName';
import { allArtifacts } from '../words/worst';
import { EvidenceLink } from './EvidenceLink';

/** Which rules were applied, and the way to the evidence. */
export function CardFooter(props: { report: EntityReport }) {
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const policies = new Set(
    allArtifacts(props.report).flatMap(artifact => artifact.policies),
  );
  const rules = [...policies].map(name => policyName(name, t)).join(', ');
  return (
    <Inline spread gap={2}>
      <Text tone="quiet" size="small">
        {rules ? t('card.rules', { rules }) : t('card.noRules')}
      </Text>
      <EvidenceLink />
    </Inline>
  );
}
