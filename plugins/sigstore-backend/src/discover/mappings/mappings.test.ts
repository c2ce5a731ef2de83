import { Entity } from '@backstage/catalog-model';
import { ConfigReader } from '@backstage/config';
import { mappingSources } from '.';
import { entityReferences } from '../entityReferences';

const CHECKOUT = 'component:default/checkout';

function sources(discover: object, repositories = new Map<string, string>()) {
  const config = new ConfigReader({ sigstore: { discover } } as never);
  return mappingSources(config, repositories);
}

function entity(annotations: Record<string, string>, spec: object = {}) {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'checkout', annotations },
    spec: { type: 'service', ...spec },
  } as Entity;
}

function declared(discover: object, item: Entity, repositories?: never) {
  return entityReferences(item, sources(discover, repositories)).declared.map(
    ({ reference, problem }) =>
      problem ? `${reference}: ${problem}` : reference,
  );
}

const QUAY = 'quay.io/repository-slug';
const OURS = 'sigstore.dev/images';

describe('mappings of annotations', () => {
  it.each([
    ['without configuration', {}, ['quay']],
    ['switched off', { mappings: { quay: { enabled: false } } }, []],
    [
      'configured',
      { mappings: { harbor: { host: 'a.example' }, ghcr: { enabled: true } } },
      ['quay', 'harbor', 'ghcr'],
    ],
    [
      'configured and switched off',
      { mappings: { harbor: { host: 'a.example', enabled: false } } },
      ['quay'],
    ],
  ])('are on %s', (_, discover, ids) => {
    expect(sources(discover).map(({ id }) => id)).toEqual(ids);
  });

  it.each<[Record<string, string>, string[]]>([
    [{ [QUAY]: 'acme/a:1.4' }, ['quay.io/acme/a:1.4']],
    [
      { [QUAY]: 'acme/a acme/b' },
      ['quay.io/acme/a:~newest', 'quay.io/acme/b:~newest'],
    ],
    // Our own name what it is: that its newest release counts is not said, too.
    [{ [OURS]: 'quay.io/acme/a:1', [QUAY]: 'acme/a' }, ['quay.io/acme/a:1']],
    [
      { [OURS]: 'quay.io/acme/b:1', [QUAY]: 'acme/a' },
      ['quay.io/acme/b:1', 'quay.io/acme/a:~newest'],
    ],
    [{ [QUAY]: '' }, []],
    [
      { [QUAY]: 'acme/a', 'quay.io/instance-name': 'other' },
      [
        'acme/a: quay.io/instance-name names "other", which is not among sigstore.discover.mappings.quay.instances',
      ],
    ],
    [
      { [QUAY]: '../../evil.example/a' },
      [
        'quay.io/../../evil.example/a:~newest: "quay.io/../../evil.example/a:~newest" has a repository name that no registry accepts',
      ],
    ],
    [
      { [QUAY]: 'Acme/A' },
      [
        'quay.io/Acme/A:~newest: "quay.io/Acme/A:~newest" has a repository name that no registry accepts',
      ],
    ],
  ])('of %j are %j', (annotations, references) => {
    expect(declared({}, entity(annotations))).toEqual(references);
  });

  it.each([
    [
      { harbor: { enabled: true } },
      'sigstore.discover.mappings.harbor.host is missing',
    ],
    [{ harbor: { host: 'https://a.example' } }, '"https://a.example" is not'],
    [{ harbor: { host: 'a.example/x' } }, '"a.example/x" is not a registry'],
    [
      { jfrog: { host: 'a.example', repository: '../x' } },
      'sigstore.discover.mappings.jfrog: "a.example" with "../x"',
    ],
    [
      {
        quay: {
          instances: [
            { name: 'a', host: 'a.example' },
            { name: 'b', host: ' ' },
          ],
        },
      },
      'sigstore.discover.mappings.quay.instances[1]',
    ],
    [
      { ghcr: { filter: { $foo: [] } } },
      'sigstore.discover.mappings.ghcr.filter is not a catalog filter predicate',
    ],
  ])('refuse %j', (mappings, message) => {
    expect(() => sources({ mappings })).toThrow(message);
  });
});

describe('conventions', () => {
  const convention = (reference: string, more: object = {}) => ({
    conventions: [{ kind: 'terraform-module', reference, ...more }],
  });
  const HOST = 'registry.acme.example';
  const filter = { 'spec.type': 'service' };
  const VERSION = 'acme.example/version';

  it.each<[string, object, string[]]>([
    [
      `${HOST}/modules/{{ metadata.name }}:1`,
      {},
      [`${HOST}/modules/checkout:1`],
    ],
    [
      `oci://${HOST}/{{metadata.namespace}}/{{ spec.type }}`,
      {},
      [`${HOST}/default/service:latest`],
    ],
    [
      `https://${HOST}/{{ repository }}/{{ metadata.annotations.${VERSION} }}.zip`,
      { [VERSION]: '1.4.2' },
      [`https://${HOST}/acme/checkout/1.4.2.zip`],
    ],
    ...['../../../evil', 'a:b', 'a@b', 'a b', 'a/../b', 'a?b', '%2e', ''].map(
      (value): [string, object, string[]] => [
        `${HOST}/m/{{ metadata.annotations.${VERSION} }}`,
        { [VERSION]: value },
        [expect.stringContaining('which cannot be part of a reference')],
      ],
    ),
    [
      `${HOST}/m/{{ metadata.labels.tier }}`,
      {},
      [
        expect.stringContaining(
          'metadata.labels.tier of the entity, which is not there',
        ),
      ],
    ],
  ])('%s of %j is %j', (reference, annotations, expected) => {
    const repositories = new Map([[CHECKOUT, 'Acme/Checkout']]) as never;
    const item = entity(annotations as Record<string, string>);
    expect(
      declared(convention(reference, { filter }), item, repositories),
    ).toEqual(expected);
  });

  it('take the type that is called like the kind, unless told otherwise', () => {
    const reference = `${HOST}/m/{{ metadata.name }}:1`;
    const type = (name: string) => entity({}, { type: name });
    expect(declared(convention(reference), type('Terraform-Module'))).toEqual([
      `${HOST}/m/checkout:1`,
    ]);
    expect(declared(convention(reference), type('service'))).toEqual([]);
    const other = convention(reference, { filter });
    expect(declared(other, type('terraform-module'))).toEqual([]);
  });

  it('do not take the repository that an entity names itself', () => {
    const source = 'backstage.io/source-location';
    const item = entity({ [source]: 'url:https://github.com/evil/x/' });
    expect(
      declared(convention(`${HOST}/{{ repository }}`, { filter }), item),
    ).toEqual([
      expect.stringContaining('repository of the entity, which is not'),
    ]);
  });

  it.each([
    ['{{ metadata.name }}/x', 'does not begin with a host of its own'],
    ['https://{{ metadata.name }}/x', 'does not begin with a host of its own'],
    ['a.{{ metadata.name }}/x', 'does not begin with a host of its own'],
    ['oci://', 'does not begin with a host of its own'],
    [`${HOST}/{{ relations }}`, '{{ relations }} is not known'],
    [`${HOST}/{{ status.x }}`, '{{ status.x }} is not known'],
  ])('refuse %s', (reference, message) => {
    expect(() => sources(convention(reference))).toThrow(message);
  });

  it('refuse two of one name', () => {
    const one = { kind: 'terraform-module', reference: `${HOST}/x` };
    expect(() => sources({ conventions: [one, one] })).toThrow(
      'sigstore.discover.conventions[1] is called "spec.type terraform-module" like another',
    );
    const other = { ...one, title: 'network modules' };
    expect(sources({ conventions: [one, other] })).toHaveLength(3);
  });

  it('refuse a kind that is none', () => {
    const conventions = [{ kind: 'module', reference: `${HOST}/x` }];
    expect(() => sources({ conventions })).toThrow(
      'sigstore.discover.conventions[0].kind: "module" is not an artifact kind',
    );
  });
});
