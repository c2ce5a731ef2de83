import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import {
  ExpectedSigner,
  identityWords,
  issuerName,
  Signer,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { EvidenceText } from '../ui/EvidenceText';
import { Text } from '../ui/Text';
import { visibleText } from '../ui/visibleText';
import { isKey, signerText } from './signerText';

/** A signer in words, whole on hover. */
export function SignerLine(props: {
  signer: Signer;
  /** What the rules expect: they give keys their names. */
  expected?: readonly ExpectedSigner[];
  strong?: boolean;
}) {
  const { signer, expected = [], strong } = props;
  const { issuer, identity } = signer;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  if (isKey(signer)) {
    return (
      <Text title={visibleText(identity)}>
        <EvidenceText strong={strong}>
          {signerText(signer, expected, t)}
        </EvidenceText>
      </Text>
    );
  }
  return (
    <Text title={visibleText(`${identity}\n${issuer}`)}>
      <EvidenceText strong={strong}>{identityWords(signer)}</EvidenceText>{' '}
      <Text tone="quiet">({issuerName(issuer)})</Text>
    </Text>
  );
}
