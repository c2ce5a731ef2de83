import { Entity } from '@backstage/catalog-model';
import { INPUT_ANNOTATIONS, readDeclaredReferences } from './annotations';
import { ARTIFACT_KINDS, MAX_REFERENCE_LENGTH } from './artifacts';

function entity(annotations?: Record<string, unknown>): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: 'checkout',
      annotations: annotations as Record<string, string>,
    },
  };
}

describe('readDeclaredReferences', () => {
  it('reads lists with commas, spaces and line breaks, each reference once', () => {
    const declared = readDeclaredReferences(
      entity({
        'sigstore.dev/images':
          ' ghcr.io/acme/a:1, ghcr.io/acme/b\n\n ghcr.io/acme/b:latest,,ghcr.io/acme/a:1 ',
      }),
    );
    expect(declared.map(d => d.reference)).toEqual([
      'ghcr.io/acme/a:1',
      'ghcr.io/acme/b:latest',
    ]);
    expect(declared.every(d => d.problem === undefined)).toBe(true);
  });

  it('reads every kind from its own annotation', () => {
    const annotations = Object.fromEntries(
      ARTIFACT_KINDS.map(kind => [INPUT_ANNOTATIONS[kind], 'ghcr.io/acme/a:1']),
    );
    expect(readDeclaredReferences(entity(annotations))).toEqual(
      ARTIFACT_KINDS.map(kind => ({
        kind,
        reference: 'ghcr.io/acme/a:1',
        declaredBy: INPUT_ANNOTATIONS[kind],
      })),
    );
  });

  it('reports what it cannot read instead of dropping it', () => {
    const long = 'x'.repeat(100_000);
    const declared = readDeclaredReferences(
      entity({ 'sigstore.dev/images': `nginx ghcr.io/acme/a:1 ${long}` }),
    );
    expect(declared.map(d => [d.reference.length, Boolean(d.problem)])).toEqual(
      [
        [5, true],
        ['ghcr.io/acme/a:1'.length, false],
        [MAX_REFERENCE_LENGTH, true],
      ],
    );
  });

  it.each([
    [undefined],
    [{}],
    [{ 'sigstore.dev/images': ' ,\n' }],
    [{ 'sigstore.dev/images': 7 }],
  ])('finds nothing in %j', annotations => {
    expect(readDeclaredReferences(entity(annotations))).toEqual([]);
  });
});
