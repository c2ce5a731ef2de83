import {
  ParsedReference,
  parseReference,
} from '@cloudythings/backstage-plugin-sigstore-common';
import {
  githubSourceName,
  logSearchName,
  placeOfSource,
  sourceName,
} from './sourceNames';

const parsed = (reference: string): ParsedReference => {
  const result = parseReference(reference);
  if (!result.ok) throw new Error(result.problem);
  return result.parsed;
};

describe('placeOfSource', () => {
  it.each([
    ['ghcr.io/acme/a:1', 'referrers', 'oci-registry'],
    ['localhost:5000/a:1', 'signatureTag', 'oci-registry'],
    ['ghcr.io/acme/a:1', 'attestationTag', 'oci-registry'],
    ['https://plans.acme.example/plan.json', 'bundleStore', 'bundle-store'],
    ['file:/plans/plan.json', 'bundleStore', 'bundle-store'],
  ] as const)('knows where the %s of %s is kept', (reference, question, at) => {
    expect(placeOfSource(sourceName(parsed(reference), question))).toBe(at);
  });

  it('knows what lies at GitHub and what in a log', () => {
    expect(placeOfSource(githubSourceName('github.com/acme/app'))).toBe(
      'github',
    );
    expect(placeOfSource(logSearchName('rekor.example.com', 'index'))).toBe(
      'transparency-log',
    );
  });

  it.each([
    'ghcr.io referrers of the index',
    'ghcr.io/acme/signatures .sig tag',
    'ghcr.io/acme/signatures .att tag of the index',
    'ghcr.io evidence of platforms',
  ])('knows that "%s" asks a registry', source => {
    expect(placeOfSource(source)).toBe('oci-registry');
  });

  it.each(['', 'referrers', 'a module', 'ghcr.io referrers of acme'])(
    'knows no place of "%s"',
    source => {
      expect(placeOfSource(source)).toBeUndefined();
    },
  );
});
