import {
  ARTIFACT_STATUSES,
  ArtifactStatus,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { exitCodeOf } from './exitCodes';

it('only an expected signer is 0, and not knowing is neither 0 nor 1', () => {
  const codes: Record<ArtifactStatus, number> = {
    'evidence-mismatch': 1,
    'unexpected-signer': 1,
    'signature-lost': 1,
    'outside-validity': 1,
    'unknown-authority': 1,
    'evidence-incomplete': 1,
    'no-signature': 1,
    'could-not-check': 3,
    'unsupported-format': 3,
    stale: 3,
    pending: 3,
    'no-policy': 1,
    exempt: 1,
    'expected-signer': 0,
  };
  expect(
    Object.fromEntries(
      ARTIFACT_STATUSES.map(status => [status, exitCodeOf(status)]),
    ),
  ).toEqual(codes);
});
