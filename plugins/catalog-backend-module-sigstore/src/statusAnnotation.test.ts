import { Entity } from '@backstage/catalog-model';
import { withStatusAnnotation } from './statusAnnotation';

const KEY = 'sigstore.dev/signature-status';

function entity(metadata: object): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'checkout', ...metadata },
  };
}

describe('withStatusAnnotation', () => {
  it('overwrites a hand-written status and keeps everything else', () => {
    const written = entity({
      annotations: { [KEY]: 'expected-signer', 'acme.example/team': 'pay' },
      labels: { tier: '1' },
      links: [{ url: 'https://acme.example', title: KEY }],
    });
    expect(withStatusAnnotation(written, 'no-signature').metadata).toEqual({
      name: 'checkout',
      annotations: { [KEY]: 'no-signature', 'acme.example/team': 'pay' },
      labels: { tier: '1' },
      links: [{ url: 'https://acme.example', title: KEY }],
    });
  });

  it.each([
    ['the annotation', { annotations: { [KEY]: 'expected-signer' } }],
    [
      'another spelling',
      { annotations: { 'sigstore.dev/Signature-Status': 'expected-signer' } },
    ],
    ['a flattened key', { [`annotations.${KEY}`]: 'expected-signer' }],
    [
      'a half-flattened key',
      {
        'annotations.sigstore': { 'dev/signature-status': 'expected-signer' },
      },
    ],
    ['another parent', { Annotations: { [KEY]: 'expected-signer' } }],
    ['a list of parents', { Annotations: [{ [KEY]: 'expected-signer' }] }],
    ['a list of keys', { Annotations: [KEY, 'kept'] }],
  ])('removes what search would take for a status: %s', (_, metadata) => {
    const text = JSON.stringify(
      withStatusAnnotation(entity(metadata), undefined).metadata,
    );
    expect(text).toContain('checkout');
    expect(text.toLocaleLowerCase('en-US')).not.toContain('signature-status');
  });

  it('does not change the entity it was given', () => {
    const written = entity({ annotations: { [KEY]: 'expected-signer' } });
    const before = JSON.stringify(written);
    withStatusAnnotation(written, undefined);
    expect(JSON.stringify(written)).toBe(before);
  });
});
