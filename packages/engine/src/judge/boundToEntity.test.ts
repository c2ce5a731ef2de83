import { TrustPolicy } from '@cloudythings/backstage-plugin-sigstore-common';
import { judge } from './judge';
import {
  GITHUB,
  RELEASE,
  input,
  policy,
  sound,
} from './__testUtils__/verifications';

const statusFor = (
  policies: TrustPolicy[],
  repository: string | undefined,
  extensions: Record<string, string> = {},
) =>
  judge(
    input({
      policies,
      verifications: [sound({ extensions })],
      entity: { ref: 'component:default/x', repository },
    }),
  ).status;

// A set of policies is compiled once, and its rules are kept from one entity
// to the next.
describe('one set of policies, applied to one entity after the other', () => {
  it.each<[string, () => TrustPolicy]>([
    [
      'a pattern',
      () =>
        policy('p', {
          identity: {
            issuer: GITHUB,
            subjectRegExp: 'https://github\\.com/{{ repository }}/.*',
          },
        }),
    ],
    [
      'an exact identity',
      () =>
        policy('p', {
          identity: {
            issuer: GITHUB,
            subject: RELEASE.replace('acme/checkout', '{{ repository }}'),
          },
        }),
    ],
    [
      'an extension',
      () =>
        policy('p', {
          extensions: {
            sourceRepositoryURI: 'https://github.com/{{ repository }}',
          },
        }),
    ],
    [
      'one identity of two',
      () =>
        policy('p', {
          authority: {
            keyless: {
              trustedRoot: 'acme',
              identities: [
                { issuer: GITHUB, subject: 'https://nobody' },
                {
                  issuer: GITHUB,
                  subjectRegExp: 'https://github\\.com/{{ repository }}/.*',
                },
              ],
            },
          },
        }),
    ],
    [
      'one extension of two',
      () =>
        policy('p', {
          extensions: {
            buildTrigger: 'push',
            sourceRepositoryURI: 'https://github.com/{{ repository }}',
          },
        }),
    ],
    [
      'one authority of two',
      () => {
        const [fixed] = policy('p', {
          identity: { issuer: GITHUB, subject: 'https://nobody' },
        }).spec.authorities;
        const [own] = policy('q', {
          identity: {
            issuer: GITHUB,
            subjectRegExp: 'https://github\\.com/{{ repository }}/.*',
          },
        }).spec.authorities;
        return policy('p', { spec: { authorities: [fixed, own] } });
      },
    ],
  ])('%s is of each one’s own repository', (_, written) => {
    const policies = [written()];
    const of = (repository?: string) =>
      statusFor(policies, repository, {
        buildTrigger: 'push',
        sourceRepositoryURI: 'https://github.com/acme/checkout',
      });
    expect(of('acme/checkout')).toBe('expected-signer');
    expect(of('acme/other')).toBe('unexpected-signer');
    expect(of('acme/checkout')).toBe('expected-signer');
    expect(of(undefined)).toBe('unexpected-signer');
  });
});
