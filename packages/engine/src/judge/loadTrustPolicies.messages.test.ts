import { generateKeyPairSync } from 'crypto';
import { loadTrustPolicies } from './loadTrustPolicies';

const POLICY = `apiVersion: cloudythings.io/v1alpha1
kind: TrustPolicy
metadata:
  name: images
spec:
  artifacts:
    - kind: image
      reference: ghcr.io/acme/**
  authorities:
    - name: release
      keyless:
        trustedRoot: acme
        identities:
          - issuer: https://token.actions.githubusercontent.com
            subject: https://github.com/{{ repository }}/.github/workflows/release.yml@refs/heads/main
`;
const DISTRUST = `apiVersion: cloudythings.io/v1alpha1
kind: Distrust
metadata:
  name: stolen
spec:
  distrusted:
    - identity:
        issuer: https://accounts.google.com
        subject: jane@acme.example
  reason: her laptop was stolen
`;
const AUTHORITY = '    - name: release\n';
const SPEC = '  artifacts:\n';

/** The policy with a text in it exchanged, which has to be there. */
function policy(from: string, to: string, text = POLICY): string {
  expect(text).toContain(from);
  return text.replace(from, () => to);
}

function messageOf(...texts: string[]): string {
  const files = texts.map((text, index) => ({
    path: index === 0 ? 'images.yaml' : `more-${index}.yaml`,
    text,
  }));
  try {
    loadTrustPolicies(files, { trustedRoots: ['acme', 'public-good'] });
  } catch (error) {
    return (error as Error).message;
  }
  return 'it was loaded';
}

const NO_PREDICATE =
  'images.yaml:8: spec.artifacts[0].entity: this is not a catalog filter predicate. Write fields of the entity with what they must be, such as spec.lifecycle: production; $all, $any and $not stand alone, and $exists, $in, $contains and $hasPrefix stand below a field.';

const MISTAKES: [string, () => string, string][] = [
  [
    'a field misspelt',
    () => policy('reference:', 'referense:'),
    'images.yaml:8: spec.artifacts[0].referense: this field is not known. Did you mean reference?',
  ],
  [
    'a field in the wrong place',
    () => policy(AUTHORITY, `${AUTHORITY}      maxAge: 30d\n`),
    'images.yaml:11: spec.authorities[0].maxAge: this field is not known here; it belongs to spec. Move it there.',
  ],
  [
    'a field that is not known',
    () => policy(SPEC, `  colour: red\n${SPEC}`),
    'images.yaml:6: spec.colour: this field is not known. Correct its name or remove it; a rule that says more than is checked would mislead.',
  ],
  [
    'a field of another format of policies',
    () => policy(SPEC, `  images: [{ glob: '**' }]\n${SPEC}`),
    'images.yaml:6: spec.images: this field is not known. Correct its name or remove it; a rule that says more than is checked would mislead.',
  ],
  [
    'another kind of document',
    () => policy('TrustPolicy', 'ConfigMap'),
    'images.yaml:2: kind: there is no "ConfigMap" here. Use one of: TrustPolicy, Distrust.',
  ],
  [
    'a kind misspelt',
    () => policy('TrustPolicy', 'TrustPolcy'),
    'images.yaml:2: kind: there is no "TrustPolcy" here. Did you mean TrustPolicy? Use one of: TrustPolicy, Distrust.',
  ],
  [
    'no kind',
    () => policy('kind: TrustPolicy\n', ''),
    'images.yaml:1: kind: this field is missing. Add kind: TrustPolicy (who may sign) or kind: Distrust (whom nobody believes any more).',
  ],
  [
    'another version',
    () => policy('v1alpha1', 'v1'),
    'images.yaml:1: apiVersion: there is no "cloudythings.io/v1" here. Write cloudythings.io/v1alpha1.',
  ],
  [
    'another kind of artifact',
    () => policy('kind: image', 'kind: images'),
    'images.yaml:7: spec.artifacts[0].kind: there is no "images" here. Did you mean image? Use one of: image, terraform-plan, terraform-module, manifest, policy-bundle, pipeline.',
  ],
  [
    'no name',
    () => policy('metadata:\n  name: images\n', ''),
    'images.yaml:1: metadata: this field is missing. Add metadata: with name:.',
  ],
  [
    'a name that is none',
    () => policy('name: images', 'name: Images!'),
    'images.yaml:4: metadata.name: this has another form: write lower-case letters, digits and dashes, at most 63, with a letter or digit at both ends.',
  ],
  [
    'a name that is a number',
    () => policy('name: images', 'name: 12'),
    'images.yaml:4: metadata.name: this should be text, not a number. Put it in quotes.',
  ],
  [
    'the name of the built-in rule',
    () => policy('name: images', 'name: same-repository'),
    'images.yaml:4: metadata.name: "same-repository" is the built-in rule. Choose another name.',
  ],
  [
    'a name that is taken',
    () => `${POLICY}---\n${POLICY}`,
    'images.yaml:20: metadata.name: a document "images" is already at images.yaml:4. Give each one a name of its own.',
  ],
  [
    'no trusted root',
    () => policy('        trustedRoot: acme\n', ''),
    'images.yaml:11: spec.authorities[0].keyless.trustedRoot: this field is missing. Add trustedRoot: with the name of a configured trusted root; trust without saying in whom is refused.',
  ],
  [
    'a trusted root that is not configured',
    () => policy('Root: acme', 'Root: acem'),
    'images.yaml:12: spec.authorities[0].keyless.trustedRoot: no trusted root "acem" is configured. Use one of: acme, public-good.',
  ],
  [
    'no issuer',
    () =>
      policy(
        '- issuer: https://token.actions.githubusercontent.com\n            subject',
        '- subject',
      ),
    'images.yaml:14: spec.authorities[0].keyless.identities[0]: an identity needs its issuer, because the same identity exists under many. Add issuer: with the URL of the identity provider.',
  ],
  [
    'no subject',
    () => POLICY.replace(/\n {12}subject:.*/, ''),
    'images.yaml:14: spec.authorities[0].keyless.identities[0]: an identity needs its subject. Add subject: with the identity exactly, or subjectRegExp: with a pattern.',
  ],
  [
    'two subjects',
    () => `${POLICY}            subjectRegExp: x\n`,
    'images.yaml:16: spec.authorities[0].keyless.identities[0].subjectRegExp: subject is written too, and only one of them can count. Keep one.',
  ],
  [
    'no identities',
    () => POLICY.replace(/identities:[^]*/, 'identities: []\n'),
    'images.yaml:13: spec.authorities[0].keyless.identities: this is empty. Fill it in, or remove the field if it is not needed.',
  ],
  [
    'nobody who signs',
    () => POLICY.replace(/\n {6}keyless:[^]*/, '\n'),
    'images.yaml:10: spec.authorities[0]: an authority needs somebody who signs. Add keyless: with identities, or key: with a public key.',
  ],
  [
    'a key and identities',
    () =>
      policy(
        AUTHORITY,
        `${AUTHORITY}      key: { trustedRoot: acme, data: x }\n`,
      ),
    '2 mistakes in trust policies; none of the policies is used:\nimages.yaml:11: spec.authorities[0].key: keyless is written too, and only one of them can count. Keep one.\nimages.yaml:11: spec.authorities[0].key.data: this is not one public key in PEM form. Write what cosign public-key prints, from -----BEGIN PUBLIC KEY----- to -----END PUBLIC KEY-----, below data: |',
  ],
  [
    'no regular expression',
    () => policy('subject:', 'subjectRegExp: ('),
    'images.yaml:15: spec.authorities[0].keyless.identities[0].subjectRegExp: this is not a regular expression in RE2 syntax (error parsing regexp: missing closing ): `( https://github.com/owner/name/.github/workflows/release.yml@refs/heads/main`). Correct it, or use subject for an exact value.',
  ],
  [
    'a regular expression that is not RE2',
    () => policy('subject:', 'subjectRegExp: (a)\\1'),
    'images.yaml:15: spec.authorities[0].keyless.identities[0].subjectRegExp: this is not a regular expression in RE2 syntax (error parsing regexp: invalid escape sequence: `\\1`). Correct it, or use subject for an exact value.',
  ],
  [
    'an issuer that is no regular expression',
    () => policy('issuer: https', 'issuerRegExp: "["\n            # https'),
    'images.yaml:14: spec.authorities[0].keyless.identities[0].issuerRegExp: this is not a regular expression in RE2 syntax (error parsing regexp: missing closing ]: `[`). Correct it, or use issuer for an exact value.',
  ],
  [
    'a value that there is not',
    () => policy('{{ repository }}', '{{ owner }}'),
    'images.yaml:15: spec.authorities[0].keyless.identities[0].subject: there is no value {{ owner }}. The only one is {{ repository }}.',
  ],
  [
    'a value that is not closed',
    () => policy('{{ repository }}', '{{ repository }'),
    'images.yaml:15: spec.authorities[0].keyless.identities[0].subject: a value in {{ }} is not closed. Write {{ repository }}.',
  ],
  [
    'a value in an issuer',
    () =>
      policy(
        'https://token.actions.githubusercontent.com',
        '"https://{{ repository }}"',
      ),
    'images.yaml:14: spec.authorities[0].keyless.identities[0].issuer: values are not filled in here. Write it out.',
  ],
  [
    'a reference in another form',
    () => policy('ghcr.io/acme', 'oci://ghcr.io/acme'),
    'images.yaml:8: spec.artifacts[0].reference: references are never compared in this form. Write ghcr.io/acme/**',
  ],
  [
    'an extension that there is not',
    () => `${POLICY}        extensions: { sourceRepositoryUri: x }\n`,
    'images.yaml:16: spec.authorities[0].keyless.extensions.sourceRepositoryUri: certificates have no extension of this name. Did you mean sourceRepositoryURI?',
  ],
  [
    'a matcher with another one beside it',
    () =>
      policy(
        'reference:',
        'entity: { spec.type: { $in: [a], $exists: true } }\n      reference:',
      ),
    NO_PREDICATE,
  ],
  [
    'a predicate of another form',
    () => policy('reference:', 'entity: { $all: a }\n      reference:'),
    NO_PREDICATE,
  ],
  [
    'an authority twice',
    () => `${POLICY}${POLICY.slice(POLICY.indexOf(AUTHORITY))}`,
    'images.yaml:16: spec.authorities[1].name: an authority "release" is already in this policy. Give each one a name of its own.',
  ],
  [
    'a key that was cut off',
    () =>
      POLICY.replace(
        /keyless:[^]*/,
        `key:
        trustedRoot: acme
        data: |
          -----BEGIN PUBLIC KEY-----
          MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
          -----END PUBLIC KEY-----
`,
      ),
    'images.yaml:13: spec.authorities[0].key.data: this is framed as a public key, but what is inside cannot be read as one. Copy it again in full.',
  ],
  [
    'a tag that nobody reads',
    () => policy('ghcr.io', '!secret ghcr.io'),
    'images.yaml:8: this is not YAML that policies are written in (Unresolved tag: !secret). Check the indentation and the quotes.',
  ],
  [
    'a condition of nothing',
    () => policy('reference:', 'entity: {}\n      reference:'),
    'images.yaml:8: spec.artifacts[0].entity: this selects by nothing. Write a condition, such as kind: Component, or remove the field.',
  ],
  [
    'an entity that is no predicate',
    () => policy('reference:', 'entity: { $some: [] }\n      reference:'),
    'images.yaml:8: spec.artifacts[0].entity: this is not a catalog filter predicate. Write fields of the entity with what they must be, such as spec.lifecycle: production; $all, $any and $not stand alone, and $exists, $in, $contains and $hasPrefix stand below a field.',
  ],
  [
    'a window that ends before it starts',
    () =>
      policy(
        AUTHORITY,
        `${AUTHORITY}      signedAfter: 2027-01-01T00:00:00Z\n      signedBefore: 2026-01-01T00:00:00Z\n`,
      ),
    'images.yaml:12: spec.authorities[0].signedBefore: the window ends before it starts (signedAfter is 2027-01-01T00:00:00Z). Exchange the two, or correct one.',
  ],
  [
    'a time that is a day',
    () => policy(AUTHORITY, `${AUTHORITY}      signedAfter: 2027-01-01\n`),
    'images.yaml:11: spec.authorities[0].signedAfter: this is not a time in UTC. Write it in full, such as 2026-01-31T12:00:00Z.',
  ],
  [
    'an exception without an end',
    () =>
      policy(
        SPEC,
        `  exception: { owner: 'group:default/payments', reason: moving }\n${SPEC}`,
      ),
    'images.yaml:6: spec.exception.until: this field is missing. Give its last day, such as 2027-01-31; an exception without an end is a rule of its own.',
  ],
  [
    'an exception that ends on no day',
    () =>
      policy(
        SPEC,
        `  exception: { until: soon, owner: 'group:default/payments', reason: moving }\n${SPEC}`,
      ),
    'images.yaml:6: spec.exception.until: this is not a day. Write year, month and day, such as 2027-01-31.',
  ],
  [
    'an age without a unit',
    () => policy(SPEC, `  maxAge: 30\n${SPEC}`),
    'images.yaml:6: spec.maxAge: this should be text, not a number. Write a unit, d, h or m, such as 30d.',
  ],
  [
    'attestations that are not listed',
    () => policy(AUTHORITY, `${AUTHORITY}      require: both\n`),
    'images.yaml:11: spec.authorities[0].require: both needs the list of them. Add attestations: with their predicateType.',
  ],
  [
    'attestations that are not required',
    () =>
      policy(
        AUTHORITY,
        `${AUTHORITY}      require: signature\n      attestations: [{ predicateType: x }]\n`,
      ),
    'images.yaml:11: spec.authorities[0].require: attestations are listed below, but only a signature is required. Write attestations or both, or remove the list.',
  ],
  [
    'text that is no key',
    () =>
      policy(
        AUTHORITY,
        `${AUTHORITY}      key: { trustedRoot: acme, data: MFkw }\n`,
      ).replace(/\n {6}keyless:[^]*/, '\n'),
    'images.yaml:11: spec.authorities[0].key.data: this is not one public key in PEM form. Write what cosign public-key prints, from -----BEGIN PUBLIC KEY----- to -----END PUBLIC KEY-----, below data: |',
  ],
  [
    'nothing that is distrusted',
    () => DISTRUST.replace(/- identity:[^]*example\n/, '- {}\n'),
    'images.yaml:7: spec.distrusted[0]: this distrusts nothing. Write one of identity, key, commit and bundle, or trustedRoot alone.',
  ],
  [
    'two things that are distrusted at once',
    () =>
      policy(
        '    - identity',
        `    - bundle: sha256:${'0'.repeat(64)}\n      identity`,
        DISTRUST,
      ),
    'images.yaml:7: spec.distrusted[0].bundle: identity is written too. Write an entry for each: every entry is distrusted by itself.',
  ],
  [
    'a value in what is distrusted',
    () => policy('jane@acme.example', '"{{ repository }}"', DISTRUST),
    'images.yaml:9: spec.distrusted[0].identity.subject: values are not filled in here. Write it out.',
  ],
  [
    'distrust without a reason',
    () => policy('  reason: her laptop was stolen\n', '', DISTRUST),
    'images.yaml:5: spec.reason: this field is missing. Say why; it is shown wherever the rule is.',
  ],
  [
    'a field twice',
    () => `${POLICY}kind: TrustPolicy\n`,
    'images.yaml:16: this field is written twice. Keep one of them: which one counts would depend on who reads it.',
  ],
  [
    'a merge key',
    () => policy(SPEC, `  <<: {}\n${SPEC}`),
    'images.yaml:6: spec.<<: merge keys are not read. Write the fields out, or use an alias for the whole value.',
  ],
  [
    'no YAML',
    () => 'a: [\n',
    'images.yaml:2: this is not YAML that policies are written in (Flow sequence in block collection must be sufficiently indented and end with a ]). Check the indentation and the quotes.',
  ],
  [
    'a tag',
    () => policy('ghcr.io', '!!binary ghcr.io'),
    'images.yaml:8: spec.artifacts[0].reference: this should be text, not fields with values. See docs/trust-policy.md for its form.',
  ],
  [
    'a list',
    () => '- a\n',
    'images.yaml:1: this should be fields with values, not a list. See docs/trust-policy.md for its form.',
  ],
];

describe('a mistake in a policy', () => {
  it.each(MISTAKES)('%s', (_, text, message) => {
    expect(messageOf(text())).toBe(message);
  });

  it('hides no other, in this file or in another', () => {
    const first = policy(
      'ghcr.io/acme',
      'oci://ghcr.io/acme',
      policy('kind: image', 'kind: images'),
    );
    const second = policy('laptop', '', policy('stolen', 'images', DISTRUST));
    expect(
      messageOf(
        `a: [\n---\n${first}`,
        policy('distrusted:', 'distrust:', second),
      ).split('\n'),
    ).toEqual([
      '5 mistakes in trust policies; none of the policies is used:',
      'images.yaml:2: this is not YAML that policies are written in (Flow sequence in block collection must be sufficiently indented and end with a ]). Check the indentation and the quotes.',
      'images.yaml:9: spec.artifacts[0].kind: there is no "images" here. Did you mean image? Use one of: image, terraform-plan, terraform-module, manifest, policy-bundle, pipeline.',
      'images.yaml:10: spec.artifacts[0].reference: references are never compared in this form. Write ghcr.io/acme/**',
      'more-1.yaml:6: spec.distrust: this field is not known. Did you mean distrusted?',
      'more-1.yaml:4: metadata.name: a document "images" is already at images.yaml:6. Give each one a name of its own.',
    ]);
  });

  it('is one of at most twenty that are shown', () => {
    const identities = Array.from({ length: 25 }, () => '{}').join(', ');
    const text = POLICY.replace(
      /identities:[^]*/,
      `identities: [${identities}]\n`,
    );
    const lines = messageOf(text).split('\n');
    expect(lines).toHaveLength(22);
    expect(lines[0]).toMatch(/^50 mistakes /);
    expect(lines[21]).toBe('and 30 more');
  });
});

describe('a private key', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const [, secret] = pem.split('\n');
  const indented = pem.trim().replaceAll('\n', '\n          ');

  it.each([
    [
      'where a public one belongs',
      `      key:\n        trustedRoot: acme\n        data: |\n          ${indented}\n`,
      14,
    ],
    ['in what is no YAML', `      key: [\n${pem}`, 12],
    ['in a comment', `      # ${pem.replaceAll('\n', '\n      # ')}\n`, 11],
  ])('%s is refused and never repeated', (_, inserted, line) => {
    const text = policy(AUTHORITY, `${AUTHORITY}${inserted}`);
    const message = messageOf(text);
    expect(message).toMatch(`images.yaml:${line}: this is a private key.`);
    expect(message).not.toContain(secret.slice(0, 16));
  });

  it('written with escapes is told apart as well', () => {
    const text = policy(
      AUTHORITY,
      `${AUTHORITY}      key: { trustedRoot: acme, data: "${pem
        .replaceAll('PRIVATE', '\\x50RIVATE')
        .replaceAll('\n', '\\n')}" }\n`,
    );
    expect(messageOf(text)).toContain('key.data: this is a private key.');
    expect(messageOf(text)).not.toContain(secret.slice(0, 16));
  });

  it('without its frame is not repeated either', () => {
    const text = policy(
      AUTHORITY,
      `${AUTHORITY}      key: { trustedRoot: acme, data: ${secret} }\n`,
    );
    expect(messageOf(text)).toContain('this is not one public key in PEM form');
    expect(messageOf(text)).not.toContain(secret.slice(0, 16));
  });
});

describe('a document that does not end', () => {
  const bomb = Array.from({ length: 12 }, (_, level) =>
    level === 0
      ? 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'
      : `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
  ).join('\n');

  it.each([
    ['aliases of aliases', bomb, 'Excessive alias count'],
    [
      'an alias of what it is in',
      policy(
        'reference:',
        'entity: &entity { $not: *entity }\n      reference:',
      ),
      'refers to itself',
    ],
    [
      'too many levels',
      policy(
        'reference:',
        `entity: { a: ${'['.repeat(40)}${']'.repeat(40)} }\n      reference:`,
      ),
      'deeper than 30 levels',
    ],
    ['levels without an end', '['.repeat(150_000), 'this is not YAML'],
    [
      'a field that readers treat in their own way',
      `${POLICY}        extensions: { __proto__: x, buildTrigger: push }\n`,
      'a field __proto__',
    ],
    [
      'too many values',
      `a: &a [${'x,'.repeat(5_000)}]\nb: [${'*a,'.repeat(50)}]`,
      'too many values',
    ],
    ['a file too long', `# ${'x'.repeat(2_000_000)}`, 'Split it.'],
  ])('is refused: %s', (_, text, words) => {
    const message = messageOf(text);
    expect(message).toMatch(/^images\.yaml:\d+: /);
    expect(message).toContain(words);
    expect(message.length).toBeLessThan(2_000);
  });
});
