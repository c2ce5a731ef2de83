import fc from 'fast-check';
import { lineOf, MAX_REFERENCE_LENGTH, parseReference } from './artifacts';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('parseReference', () => {
  it.each([
    [
      'ghcr.io/acme/checkout:1.4',
      'ghcr.io/acme/checkout:1.4',
      {
        type: 'oci',
        host: 'ghcr.io',
        repository: 'acme/checkout',
        tag: '1.4',
      },
    ],
    [
      'oci://registry.acme.example:5000/network',
      'registry.acme.example:5000/network:latest',
      {
        type: 'oci',
        host: 'registry.acme.example:5000',
        repository: 'network',
        tag: 'latest',
      },
    ],
    [
      'index.docker.io/acme:~newest',
      'docker.io/library/acme:~newest',
      {
        type: 'oci',
        host: 'docker.io',
        repository: 'library/acme',
        newest: true,
      },
    ],
    [
      `ghcr.io/acme/checkout@${DIGEST}`,
      `ghcr.io/acme/checkout@${DIGEST}`,
      {
        type: 'oci',
        host: 'ghcr.io',
        repository: 'acme/checkout',
        digest: DIGEST,
      },
    ],
    [
      `ghcr.io/acme/checkout:1.4@${DIGEST}`,
      `ghcr.io/acme/checkout:1.4@${DIGEST}`,
      {
        type: 'oci',
        host: 'ghcr.io',
        repository: 'acme/checkout',
        tag: '1.4',
        digest: DIGEST,
      },
    ],
    [
      'https://Plans.acme.example/prod/../prod/plan.json',
      'https://plans.acme.example/prod/plan.json',
      {
        type: 'https',
        host: 'plans.acme.example',
        url: 'https://plans.acme.example/prod/plan.json',
      },
    ],
    [
      'file:///srv/plans/plan.json',
      'file:/srv/plans/plan.json',
      { type: 'file', path: '/srv/plans/plan.json' },
    ],
    [
      's3://acme-plans/prod/checkout-plan=1+2@ü.json',
      's3://acme-plans/prod/checkout-plan=1+2@ü.json',
      {
        type: 's3',
        bucket: 'acme-plans',
        key: 'prod/checkout-plan=1+2@ü.json',
      },
    ],
    [
      'docker.io/nginx:1.27',
      'docker.io/library/nginx:1.27',
      {
        type: 'oci',
        host: 'docker.io',
        repository: 'library/nginx',
        tag: '1.27',
      },
    ],
  ])('reads %s', (written, canonical, parsed) => {
    expect(parseReference(written)).toEqual({ ok: true, canonical, parsed });
  });

  // Policies compare references as text: another spelling of the same artifact
  // would not be covered.
  it.each([
    ['ghcr.io:443/acme/checkout:1', 'ghcr.io/acme/checkout:1'],
    ['ghcr.io:0443/acme/checkout:1', 'ghcr.io/acme/checkout:1'],
    ['acme.example:05000/checkout:1', 'acme.example:5000/checkout:1'],
    ['index.docker.io/acme/checkout:1', 'docker.io/acme/checkout:1'],
    ['registry-1.docker.io/acme/checkout:1', 'docker.io/acme/checkout:1'],
    ['index.docker.io:443/nginx:1', 'docker.io/library/nginx:1'],
    ['file:/plans/./prod/p.json', 'file:/plans/prod/p.json'],
    ['file:/plans//prod/p.json', 'file:/plans/prod/p.json'],
    ['file://plans/prod/p.json', 'file:/plans/prod/p.json'],
    ['file:/plans/prod/p.json/.', 'file:/plans/prod/p.json'],
    ['file:./prod//p.json', 'file:prod/p.json'],
    [
      'https://plans.example/%70rod/p.json',
      'https://plans.example/prod/p.json',
    ],
    ['https://plans.example//prod/p.json', 'https://plans.example/prod/p.json'],
    [
      'https://plans.example/./prod/p.json',
      'https://plans.example/prod/p.json',
    ],
    ['https://plans.example\\prod/p.json', 'https://plans.example/prod/p.json'],
    ['https://plans.example:0443/p.json', 'https://plans.example/p.json'],
    ['https://plans.example/a%40b%3a.json', 'https://plans.example/a@b:.json'],
    ['https://plans.example/%c3%bc.json', 'https://plans.example/%C3%BC.json'],
    ['https://plans.example/ü.json', 'https://plans.example/%C3%BC.json'],
    [
      'https://plans.example/a%20b|.json',
      'https://plans.example/a%20b%7C.json',
    ],
  ])('gives %s one spelling', (written, canonical) => {
    expect(parseReference(written)).toMatchObject({ ok: true, canonical });
    expect(parseReference(canonical)).toEqual(parseReference(written));
  });

  it.each([
    ['', 'empty'],
    ['nginx:1.27', 'registry host'],
    ['acme/checkout:1.4', 'registry host'],
    ['ghcr.io', 'registry host'],
    ['GHCR.io/acme/checkout', 'registry host'],
    ['ghcr.io:99999/acme/checkout', 'registry host'],
    ['user:secret@ghcr.io/acme/checkout', 'digest'],
    ['ghcr.io/Acme/checkout', 'repository name'],
    ['ghcr.io/acme/../checkout', 'repository name'],
    ['ghcr.io//checkout', 'repository name'],
    ['ghcr.io/acme/checkout:', 'tag'],
    ['ghcr.io/acme/checkout:1.4:5', 'tag'],
    ['ghcr.io/acme/checkout@sha256:abc', 'digest'],
    [`ghcr.io/acme/checkout@${DIGEST.toUpperCase()}`, 'digest'],
    [`ghcr.io/acme/checkout@${DIGEST}@${DIGEST}`, 'digest'],
    ['http://plans.acme.example/plan.json', 'scheme'],
    ['S3://plans/plan.json', 'scheme'],
    ['s3://plans', 'key'],
    ['s3:///plan.json', 'bucket'],
    ['s3://Plans/plan.json', 'bucket'],
    ['s3://pl/plan.json', 'bucket'],
    ['s3://plans..acme/plan.json', 'bucket'],
    ['s3://169.254.169.254/plan.json', 'bucket'],
    ['s3://user:secret@plans/plan.json', 'bucket'],
    ['s3://arn:aws:s3:eu-central-1:1234:accesspoint/p/plan.json', 'bucket'],
    ['s3://plans/prod/', 'empty part'],
    ['s3://plans//plan.json', 'empty part'],
    ['s3://plans/prod/../plan.json', '".."'],
    ['s3://plans/./plan.json', '"."'],
    ['s3://plans/prod%2Fplan.json', '%2F'],
    ['s3://plans/prod\\plan.json', '\\'],
    ['s3://plans/plan.json?versionId=abc', 'version'],
    ['s3://plans/plan.json#top', 'fragment'],
    ['ftp://plans.acme.example/plan.json', 'scheme'],
    ['https://user:secret@plans.acme.example/plan.json', 'credentials'],
    ['https://plans.acme.example/plan.json?sig=1', 'query'],
    ['https://plans.acme.example/plan.json#top', 'query'],
    ['https://', 'not a URL'],
    ['https://plans.example./prod/p.json', 'dot'],
    ['https://plans.example/prod%2Fp.json', '%2F'],
    ['https://plans.example/%2e/prod/p.json', '%2e'],
    ['https://plans.example/x/%2E%2e/prod/p.json', '%2E'],
    ['https://plans.example/prod%5cp.json', '%5c'],
    ['https://plans.example/%2570rod/p.json', '%25'],
    ['https://plans.example/prod%00/p.json', '%00'],
    ['https://plans.example/100%.json', 'escape'],
    ['https://plans.example/%ff.json', 'escape'],
    ['file:/plans\\prod/p.json', 'backslash'],
    ['file:/', 'configured folder'],
    ['file:.', 'configured folder'],
    ['file:', 'configured folder'],
    ['file:/srv/plans/../../etc/passwd', 'configured folder'],
    ['ghcr.io/acme/check\u0000out', 'invisible'],
    ['ghcr.io/acme/check\u202eout', 'invisible'],
    ['file:/srv/plan\u0000.json', 'invisible'],
    [`ghcr.io/${'a'.repeat(MAX_REFERENCE_LENGTH)}`, 'longer'],
    [`ghcr.io/${'a'.repeat(MAX_REFERENCE_LENGTH - 10)}`, 'longer'],
    [`https://plans.acme.example/${'ü'.repeat(200)}`, 'longer'],
  ])('refuses %j and says why', (written, why) => {
    expect(parseReference(written)).toEqual({
      ok: false,
      problem: expect.stringContaining(why),
    });
  });

  it('gives every text a canonical form that reads as itself, or a problem', () => {
    const pieces = fc.constantFrom(
      'https://',
      's3://',
      'acme-plans/',
      'file:',
      'oci://',
      'ghcr.io',
      '/',
      ':',
      '@',
      '..',
      '.',
      '%2e',
      '%2E',
      '%61',
      '%7C',
      '|',
      'ü',
      '\\',
      ':443',
      'docker.io',
      'a',
      DIGEST,
    );
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', size: 'medium' }),
      fc.array(pieces, { maxLength: 12, size: 'max' }).map(p => p.join('')),
    );
    fc.assert(
      fc.property(hostile, written => {
        const result = parseReference(written);
        const canonical = result.ok ? result.canonical : '';
        const again = result.ok ? parseReference(canonical) : result;
        expect(again).toEqual(result);
        expect(canonical.length).toBeLessThanOrEqual(MAX_REFERENCE_LENGTH);
        expect(result).not.toMatchObject({ problem: '' });
      }),
      { numRuns: 2000 },
    );
  });
});

describe('lineOf', () => {
  it.each([
    ['ghcr.io/acme/a:1.4', 'ghcr.io/acme/a'],
    [`ghcr.io/acme/a:1.4@sha256:${'a'.repeat(64)}`, 'ghcr.io/acme/a'],
    ['localhost:5000/a/b:v2', 'localhost:5000/a/b'],
    ['file:/modules/network-3.1.0.tgz', 'file:/modules/network-*.tgz'],
    [
      'https://plans.acme.example/v1.2/plan.json',
      'https://plans.acme.example/*/plan.json',
    ],
    [
      'https://10.0.0.1/network-3.1-linux.tgz',
      'https://10.0.0.1/network-*-linux.tgz',
    ],
    ['file:/plans/checkout-2/plan.json', 'file:/plans/checkout-2/plan.json'],
    ['s3://acme-plans-1.2/v1.2/plan.json', 's3://acme-plans-1.2/*/plan.json'],
    ['not a reference', 'not a reference'],
  ])('of %s is %s', (reference, line) => {
    expect(lineOf(reference)).toBe(line);
  });
});
