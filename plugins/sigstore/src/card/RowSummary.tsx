import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import {
  ArtifactReport,
  FindingCode,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreTranslationRef } from '../translation';
import { EvidenceText } from '../ui/EvidenceText';
import { Text } from '../ui/Text';
import { Time } from '../ui/Time';
import { exceptionOf } from '../words/exception';
import { asTitle, isWords } from '../words/isWords';
import { LookupLines } from '../words/LookupLines';
import { lastAskedAt, placesOf, unanswered } from '../words/lookupWords';
import { Translate } from '../words/translate';
import { ownerWords } from './ownerWords';
import { SignerLine } from '../words/SignerLine';

/** Findings whose detail is what the reader needs first. */
const SAYS_MORE = new Set<FindingCode>([
  'reference-unreadable',
  'signer-distrusted',
]);

/** The one line that says most about an artifact in its status. */
export function RowSummary(props: {
  artifact: ArtifactReport;
  owner?: string;
}) {
  const { artifact } = props;
  switch (artifact.status) {
    case 'expected-signer':
    case 'no-policy':
      return <SignedBy artifact={artifact} />;
    case 'exempt':
      return <Accepted {...props} />;
    case 'could-not-check':
    case 'stale':
      return <NotAnswered {...props} />;
    case 'no-signature':
      return <AskedFor {...props} />;
    default:
      return <Advice {...props} />;
  }
}

function NotAnswered(props: { artifact: ArtifactReport; owner?: string }) {
  const { lookups, lastKnown, reference, findings } = props.artifact;
  if (unanswered(lookups).length > 0 || lastKnown) {
    return <LookupLines artifact={props.artifact} />;
  }
  const cause = isWords(reference) ? findings[0]?.detail : undefined;
  return cause ? (
    <Text as="p">
      <EvidenceText>{asTitle(cause)}</EvidenceText>
    </Text>
  ) : (
    <Advice {...props} />
  );
}

function SignedBy(props: { artifact: ArtifactReport }) {
  const { signer, signedAt, expected } = props.artifact;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  if (!signer) return <span />;
  const commit = signer.extensions.sourceRepositoryDigest;
  return (
    <Text as="p">
      <SignerLine signer={signer} expected={expected} />
      {commit ? (
        <Text tone="quiet">
          , {t('card.commit')}{' '}
          <EvidenceText mono>{commit.slice(0, 7)}</EvidenceText>
        </Text>
      ) : null}
      {signedAt ? (
        <Text tone="quiet">
          {' '}
          · {t('card.signed', { time: <Time at={signedAt} short /> })}
        </Text>
      ) : null}
    </Text>
  );
}

function Accepted(props: { artifact: ArtifactReport; owner?: string }) {
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const exception = exceptionOf(props.artifact);
  if (!exception) return <Advice {...props} />;
  return (
    <Text as="p">
      {t('words.exception.accepted', {
        owner: ownerWords(exception.owner) ?? '',
        reason: exception.reason,
      })}
    </Text>
  );
}

function AskedFor(props: { artifact: ArtifactReport; owner?: string }) {
  const { lookups, findings } = props.artifact;
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const at = lastAskedAt(lookups);
  // A stray statement is worth more of the reader's time than where was asked.
  const plain = findings.every(({ code }) => code === 'no-signature');
  if (!plain || !at) return <Advice {...props} />;
  return (
    <Text as="p">
      {t('card.asked', {
        places: placesOf(lookups).join(', '),
        time: <Time at={at} short />,
      })}
    </Text>
  );
}

function Advice(props: { artifact: ArtifactReport; owner?: string }) {
  const { t } = useTranslationRef(sigstoreTranslationRef);
  const [finding] = props.artifact.findings;
  if (!finding) return <span />;
  const owner = props.owner ?? t('card.itsOwner');
  const more = SAYS_MORE.has(finding.code) ? finding.detail : undefined;
  return (
    <Text as="p">
      {adviceOf(finding.code, owner, t)}
      {more ? (
        <>
          {' '}
          <EvidenceText>{more}</EvidenceText>
        </>
      ) : null}
    </Text>
  );
}

/** The advice in one clause, with the owner where it names one. */
function adviceOf(code: FindingCode, owner: string, t: Translate): string {
  switch (code) {
    case 'signer-not-allowed':
    case 'weaker-than-before':
      return t(`card.advice.${code}`, { owner });
    default:
      return t(`card.advice.${code}`);
  }
}
