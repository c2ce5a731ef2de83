import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';
import { judge, loadTrustPolicies } from '@cloudythings/sigstore-engine';
import {
  ISSUER,
  policyText,
  verificationOf,
} from '../__testUtils__/statedEvidence';
import { judgingForm } from './judgingForm';

const BUILDER =
  'https://github.com/acme/a/.github/workflows/release.yml@refs/heads/main';
const DIGEST = `sha256:${'a'.repeat(64)}`;

const provenance = (version: string, predicate: unknown): Verification => {
  const predicateType = `https://slsa.dev/provenance/${version}`;
  const root = { name: 'public-good', digest: 'sha256:p' };
  const one = verificationOf({ signer: BUILDER, predicateType }, DIGEST, root);
  one.facts!.signer.extensions = { issuer: ISSUER, buildSignerURI: BUILDER };
  one.facts!.content.statement = { subject: [], predicate };
  one.facts!.certificate = { pem: 'long' } as any;
  return one;
};

describe('judgingForm', () => {
  const verdictOn = (verification: Verification) => {
    const asked = `      attestations: [{ predicateType: ${verification.facts?.content.predicateType} }]`;
    const text = policyText('plans', { signer: BUILDER }) + asked;
    const { policies } = loadTrustPolicies([{ path: 'a', text }], {
      trustedRoots: ['public-good'],
    });
    return judge({
      kind: 'terraform-plan',
      reference: 'file:/plan.json',
      digest: DIGEST,
      verifications: [verification],
      lookups: [],
      findings: [],
      policies,
      entity: { ref: 'component:default/a' },
      now: '2026-11-20T12:00:00.000Z',
    });
  };

  it.each([
    ['v0.2', { builder: { id: BUILDER } }, 'expected-signer'],
    ['v0.2', { builder: { id: `${BUILDER}x` } }, 'evidence-mismatch'],
    ['v1', { runDetails: { builder: { id: BUILDER } } }, 'expected-signer'],
    ['v1', { runDetails: { builder: { id: 'other' } } }, 'evidence-mismatch'],
    ['v1', { runDetails: {} }, 'evidence-mismatch'],
    ['v1', { builder: { id: BUILDER } }, 'evidence-mismatch'],
    ['v1', 'no object', 'evidence-mismatch'],
    ['v1', null, 'evidence-mismatch'],
  ])('is judged as the whole: provenance %s %j', (version, predicate, is) => {
    const whole = provenance(version, predicate);
    const stored: Verification = JSON.parse(JSON.stringify(judgingForm(whole)));
    expect(verdictOn(whole).status).toBe(is);
    expect(verdictOn(stored)).toEqual(verdictOn(whole));
    expect(JSON.stringify(stored)).not.toContain('long');
  });
});
