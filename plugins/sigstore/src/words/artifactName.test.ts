import { artifactName, shortArtifactName } from './artifactName';

const HEX = 'ab'.repeat(32);

describe('artifactName', () => {
  it.each([
    ['ghcr.io/acme/checkout:1.4', 'acme/checkout:1.4', 'checkout'],
    [
      `ghcr.io/acme/checkout@sha256:${HEX}`,
      'acme/checkout@sha256:abababab…abab',
      'checkout',
    ],
    [`ghcr.io/acme/checkout:1@sha256:${HEX}`, 'acme/checkout:1', 'checkout'],
    ['s3://acme-plans/prod/plan.json', 'prod/plan.json', 'prod/plan.json'],
    [
      'https://plans.acme.example/prod/plan.json',
      'prod/plan.json',
      'prod/plan.json',
    ],
    ['file:/plans/plan.json', '/plans/plan.json', '/plans/plan.json'],
    ['not a reference', 'not a reference', 'not a reference'],
  ])('names %s', (reference, name, short) => {
    expect(artifactName(reference)).toBe(name);
    expect(shortArtifactName(reference)).toBe(short);
  });
});
