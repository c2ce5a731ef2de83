import {
  enterpriseRepositoryOfLocation,
  repositoryOfLocation,
  repositoryOfSource,
} from './repository';

describe('repositoryOfLocation', () => {
  it.each([
    [
      'url:https://github.com/acme/checkout/blob/main/catalog-info.yaml',
      'acme/checkout',
    ],
    ['url:https://github.com/acme/checkout/tree/main/', 'acme/checkout'],
    [
      'url:https://github.com/acme/check.out/blob/main/a.yaml?x#y',
      'acme/check.out',
    ],
    [
      'url:https://github.com/acme/checkout.git/blob/main/a.yaml',
      'acme/checkout',
    ],
  ])('reads %s', (location, repository) => {
    expect(repositoryOfLocation(location)).toBe(repository);
  });

  it.each([
    undefined,
    '',
    'file:/app/github.com/acme/checkout/blob/main/a.yaml',
    'url:http://github.com/acme/checkout/blob/main/a.yaml',
    'url:https://github.com.evil.example/acme/checkout/blob/main/a.yaml',
    'url:https://github.com@evil.example/acme/checkout/blob/main/a.yaml',
    'url:https://github.com:8443/acme/checkout/blob/main/a.yaml',
    'url:https://evil.example/https://github.com/acme/checkout/blob/main/a',
    'url:https://github.com/acme',
    'url:https://github.com/acme/checkout',
    'url:https://github.com//checkout/blob/main/a.yaml',
    'url:https://github.com/acme/check%2Fout/blob/main/a.yaml',
    'url:https://github.com/acme/(.*)/blob/main/a.yaml',
  ])('finds no repository in %s', location => {
    expect(repositoryOfLocation(location)).toBeUndefined();
  });
});

describe('enterpriseRepositoryOfLocation', () => {
  it.each([
    [
      'url:https://acme.ghe.com/platform/app/blob/main/catalog-info.yaml',
      'acme.ghe.com/platform/app',
    ],
    [
      'url:https://github.acme.example:8443/x/y.git/tree/main/?a=b',
      'github.acme.example:8443/x/y',
    ],
  ])('reads %s', (location, repository) => {
    expect(enterpriseRepositoryOfLocation(location)).toBe(repository);
  });

  it.each([
    undefined,
    'url:https://github.com/acme/checkout/blob/main/a.yaml',
    'url:http://acme.ghe.com/platform/app/blob/main/a.yaml',
    'url:https://acme.ghe.com@evil.example/platform/app/blob/main/a.yaml',
    'url:https://acme.ghe.com/platform/app',
    'url:https://evil.example/?https://acme.ghe.com/platform/app/blob/main/',
    'url:https://acme.ghe.com/platform/a%2Fb/blob/main/a.yaml',
  ])('finds no repository in %s', location => {
    expect(enterpriseRepositoryOfLocation(location)).toBeUndefined();
  });
});

describe('a location that leads elsewhere than it begins', () => {
  it.each([
    '/acme/app/blob/main/../../../../evil/app/blob/main/a.yaml',
    '/acme/app/blob/main/%2e%2E/%2e./.%2e/a.yaml',
    '/acme/app/blob/main/..%2f..%2F..%2fevil/a.yaml',
    '/acme/app/blob/main/%252e%252e/a.yaml',
    '/acme/app/blob/main\\..\\..\\a.yaml',
    '/acme/app/blob/main/.\t./a.yaml',
    '/acme/../blob/main/a.yaml',
    '/../app/blob/main/a.yaml',
    '/acme/app/blob/main/%zz/a.yaml',
  ])('names no repository: %j', path => {
    const at = (host: string) => `url:https://${host}${path}`;
    expect(repositoryOfLocation(at('github.com'))).toBeUndefined();
    expect(repositoryOfSource(at('github.com'))).toBeUndefined();
    expect(enterpriseRepositoryOfLocation(at('acme.ghe.com'))).toBeUndefined();
  });

  it('is told from names with dots', () => {
    const location = 'url:https://github.com/a/b/blob/v1..2/.x/..y/z...yaml';
    expect(repositoryOfLocation(location)).toBe('a/b');
  });
});

describe('repositoryOfSource', () => {
  it.each([
    ['url:https://github.com/acme/checkout', 'acme/checkout'],
    ['url:https://github.com/acme/checkout/', 'acme/checkout'],
    ['url:https://github.com/acme/checkout/tree/main/src/', 'acme/checkout'],
  ])('reads %s', (location, repository) => {
    expect(repositoryOfSource(location)).toBe(repository);
  });

  it.each([
    undefined,
    'url:https://github.com/acme',
    'url:https://github.com/acme/checkout/wiki',
    'url:https://github.com.evil.example/acme/checkout/',
    'url:https://github.com/acme/(.*)/',
  ])('finds no repository in %s', location => {
    expect(repositoryOfSource(location)).toBeUndefined();
  });
});
