import { FailedCheck } from './FailedCheck';
import { Artifact } from './artifact';
import { SignedContent } from './evidence';

const IN_TOTO_PAYLOAD = 'application/vnd.in-toto+json';
const IN_TOTO_STATEMENTS = [
  'https://in-toto.io/Statement/v1',
  'https://in-toto.io/Statement/v0.1',
];
const SIMPLE_SIGNING_TYPE = 'cosign container image signature';
const UTF8 = new TextDecoder('utf-8', { fatal: true });

const parsed = new WeakMap<Buffer, unknown>();

/**
 * Checks that what was signed is about this artifact: the digest itself, the
 * manifest digest of cosign's simple signing, or a subject of an in-toto
 * statement.
 *
 * @throws FailedCheck
 */
export function checkArtifactBinding(
  content: SignedContent,
  artifact: Artifact,
): void {
  const sha256 = artifact.digests.get('sha256');
  if (sha256 === undefined) {
    throw new FailedCheck(
      'format-unsupported',
      'the artifact is named by a digest that is not SHA-256',
    );
  }
  switch (content.type) {
    case 'message-signature':
      return bindMessage(content, artifact);
    case 'simple-signing':
    case 'enveloped-simple-signing':
      return bindSimpleSigning(content.payload, `sha256:${sha256}`);
    default:
      return bindStatement(content, artifact);
  }
}

function bindMessage(
  { hash, digest }: Extract<SignedContent, { type: 'message-signature' }>,
  { digests }: Artifact,
) {
  const known = digests.get(hash);
  if (known === undefined) {
    throw new FailedCheck(
      'format-unsupported',
      `the signature names its artifact by ${hash}, which is not known of this one; its bytes would tell`,
    );
  }
  const signed = digest.toString('hex');
  if (signed === known) return;
  throw new FailedCheck(
    'artifact-mismatch',
    'the signature is over another digest',
    [
      {
        aspect: 'digest',
        found: `${hash}:${known}`,
        expected: `${hash}:${signed}`,
      },
    ],
  );
}

function bindSimpleSigning(payload: Buffer, artifactDigest: string) {
  const critical = field(parseJson(payload), 'critical');
  const type = field(critical, 'type');
  if (type !== SIMPLE_SIGNING_TYPE) {
    throw new FailedCheck(
      'format-unsupported',
      `the signed payload is of the type ${JSON.stringify(type)}`,
    );
  }
  const digest = field(field(critical, 'image'), 'docker-manifest-digest');
  if (digest === artifactDigest) return;
  throw aboutOther([String(digest)], artifactDigest);
}

function bindStatement(
  content: Extract<SignedContent, { type: 'in-toto' }>,
  { digests: known }: Artifact,
) {
  const comparable = readStatement(content).subject.flatMap(subject => {
    const digests = Object.entries(field(subject, 'digest') ?? {});
    const pairs = digests.filter(([algorithm]) => known.has(algorithm));
    return pairs.length > 0 ? [pairs] : [];
  });
  if (comparable.length === 0) {
    throw new FailedCheck(
      'format-unsupported',
      `the signed statement names no subject by ${[...known.keys()].join(
        ' or ',
      )}`,
    );
  }
  const about = comparable.some(pairs =>
    pairs.every(([algorithm, digest]) => known.get(algorithm) === digest),
  );
  if (about) return;
  throw aboutOther(
    comparable.map(([[algorithm, digest]]) => `${algorithm}:${digest}`),
    `sha256:${known.get('sha256')}`,
  );
}

function aboutOther(found: string[], artifactDigest: string): FailedCheck {
  const some = found.slice(0, 3).join(', ');
  return new FailedCheck(
    'statement-for-other-artifact',
    'what was signed names another artifact',
    [
      {
        aspect: 'digest',
        found: found.length > 3 ? `${some}, …` : some,
        expected: artifactDigest,
      },
    ],
  );
}

/** An in-toto statement whose envelope and types were checked. */
export type Statement = { predicateType: string; subject: unknown[] };

/**
 * Reads the in-toto statement out of the signed bytes. Payload type and
 * statement type must be the constants of the in-toto specification; the
 * predicate type is the one that was signed.
 *
 * @throws FailedCheck
 */
export function readStatement(
  content: Extract<SignedContent, { type: 'in-toto' }>,
): Statement {
  if (content.payloadType !== IN_TOTO_PAYLOAD) {
    throw new FailedCheck(
      'format-unsupported',
      `the signed payload is of the type ${JSON.stringify(
        content.payloadType,
      )}`,
    );
  }
  const statement = parseJson(content.payload);
  const type = field(statement, '_type');
  if (typeof type !== 'string' || !IN_TOTO_STATEMENTS.includes(type)) {
    throw new FailedCheck(
      'format-unsupported',
      `the signed statement is of the type ${JSON.stringify(type)}`,
    );
  }
  const predicateType = field(statement, 'predicateType');
  const subject = field(statement, 'subject');
  if (typeof predicateType !== 'string' || predicateType === '') {
    throw malformed('the signed statement has no predicate type');
  }
  if (!Array.isArray(subject)) {
    throw malformed('the signed statement has no list of subjects');
  }
  return { ...(statement as object), predicateType, subject };
}

/**
 * Parses what was signed; the same bytes in memory once.
 *
 * @throws FailedCheck
 */
export function parseJson(bytes: Buffer): unknown {
  if (parsed.has(bytes)) return parsed.get(bytes);
  try {
    const json: unknown = JSON.parse(UTF8.decode(bytes));
    parsed.set(bytes, json);
    return json;
  } catch {
    throw malformed('what was signed is not JSON');
  }
}

function malformed(detail: string): FailedCheck {
  return new FailedCheck('evidence-malformed', detail);
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' &&
    value !== null &&
    Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
