import { OutboundError, OutboundFailure } from '../../outbound';
import { toOutboundError } from '../../outbound/networkErrors';

/** What of an error of the SDK is looked at. All of it but `name` of errors made here is the store's text. */
type ServiceError = {
  name?: unknown;
  message?: unknown;
  $metadata?: { httpStatusCode?: number };
  $response?: { headers?: Record<string, string> };
};

const MEANINGS: Record<string, [OutboundFailure, string]> = {
  NoSuchBucket: ['not-found', 'does not exist at this store'],
  AccessDenied: [
    'refused',
    'refused to be read (AccessDenied). Without the permission to list the bucket (s3:ListBucket) it does not tell either whether the object is there',
  ],
  InvalidAccessKeyId: ['refused', 'does not know the access key it was sent'],
  SignatureDoesNotMatch: [
    'refused',
    'refused the signature of the request: the secret key does not belong to the access key',
  ],
  ExpiredToken: ['refused', 'refused the credentials: they have expired'],
  InvalidToken: [
    'refused',
    'refused the credentials: their token is not valid',
  ],
  RequestTimeTooSkewed: [
    'refused',
    'refused the request because of its time: set the clock of this machine',
  ],
  AllAccessDisabled: ['refused', 'refuses everybody'],
  AccountProblem: ['refused', 'refused: there is a problem with its account'],
  InvalidObjectState: [
    'refused',
    'keeps the object in an archive, from which it must be restored to be read',
  ],
  SlowDown: ['unreachable', 'failed to answer: too many requests (SlowDown)'],
};

const LOCATION = [
  'PermanentRedirect',
  'TemporaryRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
];

/**
 * Says what an error of the SDK means: nothing there, refused, no answer. The
 * message names the bucket and what to do, and nothing that the store wrote but
 * its error code.
 *
 * @param place - `s3://bucket`
 */
export function toS3Failure(error: unknown, place: string): OutboundError {
  if (error instanceof OutboundError) return error;
  const { name, $metadata, $response } = error as ServiceError;
  const status = $metadata?.httpStatusCode;
  const failed = (failure: OutboundFailure, reason: string) =>
    new OutboundError(failure, place, reason, { status, cause: error });
  if (name === 'CredentialsProviderError') {
    return failed(
      'refused',
      'was not asked: the credentials that are configured for it could not be obtained. Check sigstore.sources.s3 and what the workload is given',
    );
  }
  const code = codeOf(name);
  const meaning = Object.hasOwn(MEANINGS, code) ? MEANINGS[code] : undefined;
  if (meaning) return failed(...meaning);
  const headers = $response?.headers ?? {};
  const region = /^[a-z0-9-]{1,32}$/.exec(headers['x-amz-bucket-region'] ?? '');
  const leadsAway = status !== undefined && status >= 300 && status < 400;
  if (leadsAway || LOCATION.includes(code)) {
    return failed(
      'unreachable',
      region
        ? `lies in another region: set region: ${region[0]} for it in sigstore.sources.s3`
        : 'is not served where it is configured to be; it leads elsewhere, and that is not followed. Check region and endpoint in sigstore.sources.s3',
    );
  }
  if (status === undefined) return toOutboundError(error, place);
  const words = `(${code}, status ${status})`;
  if (status === 404 || status === 410) {
    return headers['x-amz-delete-marker'] === 'true'
      ? failed('not-found', 'had the object, and it was deleted there')
      : failed('not-found', `has nothing there ${words}`);
  }
  return status >= 400 && status < 500
    ? failed('refused', `refused the request ${words}`)
    : failed('unreachable', `failed to answer ${words}`);
}

/** Error codes are text of the store. */
function codeOf(name: unknown): string {
  const text = typeof name === 'string' ? name : '';
  return /^[A-Za-z][A-Za-z0-9.]{0,63}$/.test(text) ? text : 'unknown error';
}
