import { useApi } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import {
  SignedArtifact,
  Signer,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreApiRef } from '../api/sigstoreApi';
import { useRead } from '../api/useRead';
import { sigstoreTranslationRef } from '../translation';
import { useDisclosure } from '../ui/Disclosure';
import { EvidenceText } from '../ui/EvidenceText';
import { KeyValue } from '../ui/KeyValue';
import { PlainList } from '../ui/Layout';
import { shortDigest } from '../ui/shortDigest';
import { Text } from '../ui/Text';
import { TextButton } from '../ui/TextButton';
import { artifactName } from '../words/artifactName';

/**
 * What else this signer signed, of what the reader may see. Says nothing where
 * the reader may not read the index of signers.
 */
export function AlsoSigned(props: { signer: Signer; digest?: string }) {
  const { issuer, identity, trustedRoot } = props.signer;
  const api = useApi(sigstoreApiRef);
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const { open, trigger, region } = useDisclosure();
  const { value } = useRead(
    [trustedRoot, issuer, identity].join('\n'),
    async signal => {
      const found = await api.getSigners({ issuer, identity }, { signal });
      // The question may match more than this one; a signer is all three.
      const same = found.find(
        one =>
          one.trustedRoot === trustedRoot &&
          one.issuer === issuer &&
          one.identity === identity,
      );
      return same && (await api.getSigner(same.id, { signal }));
    },
  );
  if (!value) return null;
  const others = otherArtifacts(value.signed, props.digest);
  return (
    <>
      <KeyValue
        stacked
        items={[
          {
            name: t('provenance.signer.alsoSigned'),
            value:
              others.length > 0 ? (
                <TextButton {...trigger} more={!open}>
                  {t('provenance.signer.others', { count: others.length })}
                </TextButton>
              ) : (
                t('provenance.signer.noOthers')
              ),
          },
        ]}
      />
      {open ? (
        <PlainList {...region}>
          {others.map(artifact => (
            <Other key={artifact.digest} artifact={artifact} />
          ))}
        </PlainList>
      ) : null}
    </>
  );
}

function Other(props: { artifact: SignedArtifact }) {
  const { digest, references } = props.artifact;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  if (references.length === 0) {
    return (
      <Text as="li" size="small">
        <Text mono title={digest}>
          {shortDigest(digest)}
        </Text>{' '}
        <Text tone="quiet" size="small">
          {t('provenance.signer.notDeclared')}
        </Text>
      </Text>
    );
  }
  return (
    <>
      {references.map(({ artifactId, entityRef, reference }) => (
        <Text as="li" size="small" key={`${entityRef} ${artifactId}`}>
          <EvidenceText>{artifactName(reference)}</EvidenceText>{' '}
          <EntityRefLink entityRef={entityRef} />
        </Text>
      ))}
    </>
  );
}

/** Several pieces of evidence may be about one artifact. */
function otherArtifacts(
  signed: SignedArtifact[],
  own?: string,
): SignedArtifact[] {
  const byDigest = new Map(signed.map(one => [one.digest, one]));
  if (own) byDigest.delete(own);
  return [...byDigest.values()];
}
