import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { EXPECT_PLANNER, PLAN } from './__testUtils__/acmeWorld';
import { version } from '../package.json';

const BIN = resolve(__dirname, '../bin/ct');

jest.setTimeout(60_000);

/** Calls the program itself, as somebody with a shell does. */
function ct(...args: string[]) {
  // Without what says that this is CI, where it is.
  const env = { PATH: process.env.PATH };
  return spawnSync(process.execPath, [BIN, ...args], { env, encoding: 'utf8' });
}

describe('the program ct', () => {
  it('tells its version and how it is used', () => {
    expect(ct('--version').stdout.trim()).toBe(version);
    const { status, stdout } = ct('verify', 'artifact', '--help');
    expect(status).toBe(0);
    expect(stdout).toContain('match the whole text');
  });

  it('ends with the exit code of what it found, without colours in a pipe', () => {
    const { status, stdout } = ct(
      'verify',
      'artifact',
      PLAN,
      ...EXPECT_PLANNER,
    );
    expect(status).toBe(0);
    expect(stdout).not.toContain('\u001b');
    expect(ct('verify', 'artifact', PLAN).status).toBe(2);
  });
});
