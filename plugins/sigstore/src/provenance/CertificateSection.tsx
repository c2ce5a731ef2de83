import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { Facts, Signer } from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { CommandBlock } from '../ui/CommandBlock';
import { Disclosure } from '../ui/Disclosure';
import { EvidenceText } from '../ui/EvidenceText';
import { KeyValue } from '../ui/KeyValue';
import { Stack } from '../ui/Layout';
import { SafeLink } from '../ui/SafeLink';
import { Text } from '../ui/Text';
import { Time } from '../ui/Time';
import { extensionName, inOrder } from '../words/extensionNames';

/** The signing certificate, with Fulcio's extensions by name. */
export function CertificateSection(props: {
  certificate: NonNullable<Facts['certificate']>;
  signer: Signer;
}) {
  const { certificate, signer } = props;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  return (
    <Disclosure title={t('provenance.certificate.title')}>
      <Stack gap={2}>
        <KeyValue
          items={[
            {
              name: t('provenance.signer.identity'),
              value: <EvidenceText>{signer.identity}</EvidenceText>,
            },
            {
              name: t('provenance.certificate.issuedBy'),
              value: <EvidenceText>{certificate.issuerName}</EvidenceText>,
            },
            {
              name: t('provenance.certificate.inForce'),
              value: t('provenance.certificate.window', {
                from: <Time at={certificate.notBefore} />,
                to: <Time at={certificate.notAfter} />,
              }),
            },
            {
              name: t('provenance.certificate.serial'),
              value: (
                <EvidenceText mono>{certificate.serialNumber}</EvidenceText>
              ),
            },
            {
              name: t('provenance.certificate.fingerprint'),
              value: (
                <EvidenceText mono>{certificate.fingerprint}</EvidenceText>
              ),
            },
          ]}
        />
        <Text as="p" tone="quiet" size="small">
          {t('provenance.certificate.shortLived')}
        </Text>
        <Extensions extensions={signer.extensions} />
        <CommandBlock
          text={certificate.pem.trim()}
          what={t('provenance.certificate.pem')}
        />
      </Stack>
    </Disclosure>
  );
}

function Extensions(props: { extensions: Record<string, string> }) {
  const { t } = useTranslationRef(sigstoreTranslationRef);
  return (
    <Stack gap={0.5}>
      <Text as="h4" strong>
        {t('provenance.certificate.extensions')}
      </Text>
      <KeyValue
        items={inOrder(props.extensions).map(([key, value]) => {
          const { title, oid } = extensionName(key);
          return {
            name: <span title={oid}>{title}</span>,
            value: <SafeLink to={value} />,
          };
        })}
      />
    </Stack>
  );
}
