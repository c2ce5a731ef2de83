import { parseReference } from './artifacts';
import { imageReference } from './imageName';

describe('imageReference', () => {
  it.each([
    ['nginx', 'docker.io/library/nginx:latest'],
    ['nginx:1.27', 'docker.io/library/nginx:1.27'],
    ['acme/checkout:1', 'docker.io/acme/checkout:1'],
    ['ghcr.io/acme/checkout:1', 'ghcr.io/acme/checkout:1'],
    ['registry:5000/checkout:1', undefined],
    ['localhost/checkout:1', 'localhost/checkout:1'],
    ['registry.acme.example:5000/a:1', 'registry.acme.example:5000/a:1'],
  ])('reads %s as container runtimes do', (name, canonical) => {
    const result = parseReference(imageReference(name));
    expect(result.ok ? result.canonical : undefined).toBe(canonical);
  });
});
