import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import {
  describeFinding,
  Finding,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { Disclosure } from '../ui/Disclosure';
import { EvidenceText } from '../ui/EvidenceText';
import { Stack } from '../ui/Layout';
import { Text } from '../ui/Text';
import { FindingCode } from '../words/FindingCode';

/** What was seen on the way and changed nothing. */
export function NoticesSection(props: { notices: Finding[] }) {
  const { notices } = props;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  if (notices.length === 0) return null;
  return (
    <Disclosure
      title={`${t('provenance.notices.title')}: ${notices.length}`}
      note={t('provenance.notices.note')}
    >
      <Stack gap={1}>
        {notices.map(({ code, detail }, index) => (
          <Text as="p" key={index}>
            <Text strong>{describeFinding(code).title}.</Text>{' '}
            {describeFinding(code).whatHappened}{' '}
            {detail ? <EvidenceText>{detail}</EvidenceText> : null}{' '}
            <FindingCode code={code} />
          </Text>
        ))}
      </Stack>
    </Disclosure>
  );
}
