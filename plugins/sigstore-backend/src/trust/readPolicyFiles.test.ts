import { createMockDirectory } from '@backstage/backend-test-utils';
import { readPolicyFiles } from './readPolicyFiles';

describe('readPolicyFiles', () => {
  const files = createMockDirectory();

  it('reads the files of a folder, and no hidden ones', async () => {
    files.setContent({
      policies: { 'b.yaml': 'b', 'a.yml': 'a', '.c.yaml': '', 'd.txt': '' },
    });
    const read = await readPolicyFiles([files.resolve('policies')]);
    expect(read.map(({ text }) => text)).toEqual(['a', 'b']);
  });

  // A volume that is not mounted looks so, and would withdraw every policy.
  it('refuses a folder without policies', async () => {
    files.setContent({ policies: { 'readme.md': 'none', '.a.yaml': '' } });
    const folder = files.resolve('policies');
    await expect(readPolicyFiles([folder])).rejects.toThrow(
      `${folder} is a folder without a .yaml file`,
    );
  });

  it('reads none where none are configured', async () => {
    expect(await readPolicyFiles([])).toEqual([]);
  });
});
