import { readAccess, writeAccess } from './referenceAccess';

const repository = { host: 'github.com', owner: 'acme', name: 'app.v2' };

describe('the access of a reference', () => {
  it.each([
    ['', { credentials: '' }],
    ['harbor', { credentials: 'harbor' }],
    ['@github.com/acme/app.v2', { credentials: '', repository }],
    ['harbor@github.com/acme/app.v2', { credentials: 'harbor', repository }],
  ])('"%s" is read as it was written', (text, access) => {
    expect(writeAccess(access)).toBe(text);
    expect(readAccess(text)).toEqual(access);
  });

  it('is the same for a repository in whichever case', () => {
    const written = { ...repository, owner: 'Acme' };
    expect(writeAccess({ credentials: '', repository: written })).toBe(
      '@github.com/acme/app.v2',
    );
  });
});
