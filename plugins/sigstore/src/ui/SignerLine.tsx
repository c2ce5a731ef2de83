import {
  identityWords,
  issuerName,
  Signer,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { EvidenceText } from './EvidenceText';
import { Text } from './Text';
import { visibleText } from './visibleText';

/** A signer in words, whole on hover. */
export function SignerLine(props: {
  signer: Pick<Signer, 'issuer' | 'identity'>;
  strong?: boolean;
}) {
  const { issuer, identity } = props.signer;
  return (
    <Text title={visibleText(`${identity}\n${issuer}`)}>
      <EvidenceText strong={props.strong}>
        {identityWords(identity)}
      </EvidenceText>{' '}
      <Text tone="quiet">({issuerName(issuer)})</Text>
    </Text>
  );
}
