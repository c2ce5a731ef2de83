import { ConfigReader } from '@backstage/config';
import { ANONYMOUS, accessOf, distinctRules, rulesAbout } from './AccessRule';
import { readGrants } from './readGrants';

const CHECKOUT = 'component:default/checkout';
const HOST = 'registry.acme.example/';

const rules = [
  {
    name: 'named',
    grants: [{ entityRef: CHECKOUT, references: [`${HOST}acme/pay-*`] }],
  },
  {
    name: 'own',
    grants: [{ references: [`${HOST}{{ repository }}`, `${HOST}x.y`] }],
  },
];

describe('accessOf', () => {
  const own = { entityRef: CHECKOUT, repository: 'Acme/Checkout' };
  const other = { entityRef: 'component:default/evil', repository: 'evil/x' };
  it.each([
    [own, `${HOST}acme/pay-api:1.4`, 'named'],
    [own, `${HOST}acme/pay-api@sha256:${'a'.repeat(64)}`, 'named'],
    [own, `${HOST}acme/checkout:latest`, 'own'],
    [own, `${HOST}acme/checkout/deep:1`, ANONYMOUS],
    [own, `${HOST}acme/pay/api:1`, ANONYMOUS],
    [own, 'evil.example/acme/checkout:1', ANONYMOUS],
    [own, 'no reference', ANONYMOUS],
    [other, `${HOST}acme/pay-api:1.4`, ANONYMOUS],
    [other, `${HOST}acme/checkout:latest`, ANONYMOUS],
    [{ entityRef: CHECKOUT }, `${HOST}acme/checkout:1`, ANONYMOUS],
    [{ ...own, repository: 'acme/**' }, `${HOST}acme/z:1`, ANONYMOUS],
    [{ ...own, repository: 'x/..' }, `${HOST}xzy:1`, ANONYMOUS],
  ])('of %j for %s is "%s"', (entity, reference, name) => {
    expect(accessOf(rules, entity, reference)).toBe(name);
  });
});

describe('accessOf, where a GitHub is asked', () => {
  const asked = [
    ...rules,
    { name: 'x', grants: [], repositoriesOf: 'github.com' },
    { name: 'y', grants: [], repositoriesOf: 'acme.ghe.com' },
  ];
  const entityRef = CHECKOUT;
  it.each([
    [{ repository: 'Acme/app' }, 'ghcr.io/x/y:1', '@github.com/acme/app'],
    [
      { repository: 'acme/app' },
      `${HOST}acme/pay-api`,
      'named@github.com/acme/app',
    ],
    [
      { enterpriseRepository: 'acme.ghe.com/a/b' },
      'file:/x',
      '@acme.ghe.com/a/b',
    ],
    [{ enterpriseRepository: 'evil.example/a/b' }, 'file:/x', ANONYMOUS],
    [{}, 'ghcr.io/x/y:1', ANONYMOUS],
  ])(
    '%j shows what is of its repository, with %s',
    (entity, reference, access) => {
      expect(accessOf(asked, { entityRef, ...entity }, reference)).toBe(access);
      const about = rulesAbout(distinctRules(asked), entityRef);
      expect(accessOf(about, { entityRef, ...entity }, reference)).toBe(access);
    },
  );
});

describe('readGrants', () => {
  const read = (grants: unknown) =>
    readGrants(
      new ConfigReader({ for: grants } as never),
      'sigstore.credentials[0]',
      HOST,
    );

  it('reads whose references they are', () => {
    const references = [`${HOST}acme/**`];
    expect(read([{ entity: 'Component:Checkout', references }])).toEqual([
      { entityRef: CHECKOUT, references },
    ]);
    const own = [{ references: [`${HOST}{{ repository }}:*`] }];
    expect(read(own)).toEqual(own);
  });

  it.each<[unknown, string]>([
    [undefined, 'sigstore.credentials[0].for is empty'],
    [[], 'sigstore.credentials[0].for is empty'],
    [
      [{ references: [] }],
      'sigstore.credentials[0].for[0].references is empty',
    ],
    [[{ entity: ':', references: ['x'] }], 'is not an entity reference'],
    [
      [{ entity: CHECKOUT, references: ['registry.acme.example.evil/x'] }],
      'does not begin with registry.acme.example/',
    ],
    [[{ references: ['*/**'] }], 'does not begin with registry.acme.example/'],
    [[{ references: [`${HOST}acme/**`] }], 'say whose it is with entity'],
    [
      [{ references: [`${HOST}{{ metadata.name }}`] }],
      '{{ metadata.name }} is not known; only {{ repository }} is',
    ],
  ])('refuses %j', (grants, message) => {
    expect(() => read(grants)).toThrow(message);
  });
});
