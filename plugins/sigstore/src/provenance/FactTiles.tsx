import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import {
  ArtifactDetail,
  issuerName,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { Digest } from '../ui/Digest';
import { EvidenceText } from '../ui/EvidenceText';
import { FactTile } from '../ui/FactTile';
import { Columns } from '../ui/Layout';
import { SafeLink } from '../ui/SafeLink';
import { isKey, keyName } from '../words/signerText';
import { AlsoSigned } from './AlsoSigned';
import { Deciding } from './deciding';
import { LogTile } from './LogTile';
import { readProvenance } from './readProvenance';
import { repositoryName } from './repositoryName';

type TileProps = { detail: ArtifactDetail; deciding?: Deciding };

/** Source, build, signer and log, beside each other. */
export function FactTiles(props: TileProps) {
  // Without a signer there is nothing to tell that the sentence did not.
  if (!props.detail.signer) return null;
  return (
    <Columns>
      <SourceTile {...props} />
      <BuildTile {...props} />
      <SignerTile {...props} />
      <LogTile deciding={props.deciding} />
    </Columns>
  );
}

function SourceTile({ detail }: TileProps) {
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const { sourceRepositoryURI, sourceRepositoryDigest, sourceRepositoryRef } =
    detail.signer?.extensions ?? {};
  const items = sourceRepositoryURI
    ? [
        {
          name: t('provenance.source.repository'),
          value: (
            <SafeLink to={sourceRepositoryURI}>
              {repositoryName(sourceRepositoryURI)}
            </SafeLink>
          ),
        },
        {
          name: t('provenance.source.commit'),
          value: sourceRepositoryDigest && (
            <CommitLink
              repository={sourceRepositoryURI}
              commit={sourceRepositoryDigest}
            />
          ),
        },
        {
          name: t('provenance.source.ref'),
          value: sourceRepositoryRef && (
            <EvidenceText>
              {sourceRepositoryRef.replace(/^refs\/heads\//, '')}
            </EvidenceText>
          ),
        },
        {
          name: t('provenance.source.statedBy'),
          value: t('provenance.source.certificate'),
        },
      ]
    : [];
  return (
    <FactTile
      title={t('provenance.source.title')}
      items={items}
      none={t('provenance.source.none')}
    />
  );
}

function CommitLink(props: { repository: string; commit: string }) {
  const { repository, commit } = props;
  const short = <EvidenceText mono>{commit.slice(0, 12)}</EvidenceText>;
  const onGitHub =
    /^https:\/\/github\.com\/[\w.-]+\/[\w.-]+$/.test(repository) &&
    /^[0-9a-f]{40,64}$/.test(commit);
  return onGitHub ? (
    <SafeLink to={`${repository}/commit/${commit}`}>{short}</SafeLink>
  ) : (
    short
  );
}

function BuildTile({ detail }: TileProps) {
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const built = readProvenance(detail);
  const items = built
    ? [
        {
          name: t('provenance.build.builder'),
          value: built.builder && <SafeLink to={built.builder} />,
        },
        {
          name: t('provenance.build.workflow'),
          value: built.workflow && (
            <EvidenceText>{built.workflow}</EvidenceText>
          ),
        },
        {
          name: t('provenance.build.run'),
          value: built.invocation && <SafeLink to={built.invocation} />,
        },
      ]
    : [];
  return (
    <FactTile
      title={t('provenance.build.title')}
      items={items}
      none={t('provenance.build.none')}
    />
  );
}

function SignerTile({ detail }: TileProps) {
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const { signer } = detail;
  if (!signer) return null;
  return (
    <FactTile
      title={t('provenance.signer.title')}
      items={[
        ...(isKey(signer)
          ? [
              {
                name: t('provenance.signer.key'),
                value: keyName(signer, detail.expected),
              },
              {
                name: t('provenance.signer.keyDigest'),
                value: <Digest value={signer.identity} />,
              },
            ]
          : [
              {
                name: t('provenance.signer.identity'),
                value: <SafeLink to={signer.identity} />,
              },
              {
                name: t('provenance.signer.issuer'),
                value: <EvidenceText>{issuerName(signer.issuer)}</EvidenceText>,
              },
            ]),
        { name: t('provenance.signer.root'), value: signer.trustedRoot },
        {
          name: t('provenance.signer.runner'),
          value: signer.extensions.runnerEnvironment && (
            <EvidenceText>{signer.extensions.runnerEnvironment}</EvidenceText>
          ),
        },
      ]}
    >
      <AlsoSigned signer={signer} digest={detail.digest} />
    </FactTile>
  );
}
