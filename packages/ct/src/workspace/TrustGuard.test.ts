import { spawnSync } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../UsageError';
import { TrustGuard } from './TrustGuard';
import { runsInCi } from './workspace';

describe('TrustGuard', () => {
  let base: string;
  let sources: string;
  let outside: string;

  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'ct-guard-')));
    sources = join(base, 'sources');
    outside = join(base, 'outside');
    mkdirSync(join(sources, '.git'), { recursive: true });
    mkdirSync(join(sources, 'sub/deep'), { recursive: true });
    mkdirSync(outside);
    writeFileSync(join(sources, 'policy.yaml'), '');
    writeFileSync(join(outside, 'policy.yaml'), '');
  });
  afterEach(() => rmSync(base, { recursive: true }));

  const answer = (
    path: string,
    env: Record<string, string> = { CI: 'true' },
    workingDirectory = sources,
    trustWorkspace = false,
  ) => {
    const process = { env, workingDirectory };
    try {
      TrustGuard.create(process, trustWorkspace).allow('--policy', path);
      return 'taken';
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      expect((error as Error).message).toContain('--trust-workspace');
      return 'refused';
    }
  };

  it('refuses a file of the sources, and takes one from outside', () => {
    expect(answer(join(sources, 'policy.yaml'))).toBe('refused');
    expect(answer(join(outside, 'policy.yaml'))).toBe('taken');
  });

  it('is about CI only, and can be lifted', () => {
    expect(answer(join(sources, 'policy.yaml'), {})).toBe('taken');
    expect(answer(join(sources, 'policy.yaml'), { CI: 'false' })).toBe('taken');
    expect(
      answer(join(sources, 'policy.yaml'), { CI: '1' }, sources, true),
    ).toBe('taken');
  });

  it('knows the work tree from a folder in it', () => {
    expect(
      answer(join(sources, 'policy.yaml'), { CI: '1' }, join(sources, 'sub')),
    ).toBe('refused');
  });

  it('does not take an inner work tree for the whole of it', () => {
    mkdirSync(join(sources, 'sub/deep/.git'));
    expect(
      answer(
        join(sources, 'policy.yaml'),
        { CI: '1' },
        join(sources, 'sub/deep'),
      ),
    ).toBe('refused');
  });

  it('believes the CI system where the sources are', () => {
    const env = { CI: '1', GITHUB_WORKSPACE: sources };
    expect(answer(join(sources, 'policy.yaml'), env, outside)).toBe('refused');
    expect(
      answer(
        join(sources, 'policy.yaml'),
        { GITLAB_CI: 'true', CI_PROJECT_DIR: sources },
        outside,
      ),
    ).toBe('refused');
  });

  it.each([
    [
      'a link outside to a file of the sources',
      () => {
        symlinkSync(join(sources, 'policy.yaml'), join(outside, 'link.yaml'));
        return join(outside, 'link.yaml');
      },
    ],
    [
      'a link in the sources to a file outside',
      () => {
        symlinkSync(join(outside, 'policy.yaml'), join(sources, 'link.yaml'));
        return join(sources, 'link.yaml');
      },
    ],
    [
      'a way through the sources and out again',
      () => {
        symlinkSync(join(outside, 'policy.yaml'), join(sources, 'inner.yaml'));
        symlinkSync(join(sources, 'inner.yaml'), join(outside, 'outer.yaml'));
        return join(outside, 'outer.yaml');
      },
    ],
    [
      'the same way with one more link before it',
      () => {
        symlinkSync(join(outside, 'policy.yaml'), join(sources, 'inner.yaml'));
        symlinkSync(join(sources, 'inner.yaml'), join(outside, 'middle.yaml'));
        symlinkSync(join(outside, 'middle.yaml'), join(outside, 'outer.yaml'));
        return join(outside, 'outer.yaml');
      },
    ],
    [
      'a folder of the sources whose name begins with dots',
      () => {
        mkdirSync(join(sources, '..policies'));
        writeFileSync(join(sources, '..policies/policy.yaml'), '');
        return join(sources, '..policies/policy.yaml');
      },
    ],
    [
      'a folder that is a link into the sources',
      () => {
        symlinkSync(sources, join(outside, 'folder'));
        return join(outside, 'folder/policy.yaml');
      },
    ],
    [
      'a folder in the sources that leads out',
      () => {
        symlinkSync(outside, join(sources, 'away'));
        symlinkSync(join(sources, 'away'), join(outside, 'folder'));
        return join(outside, 'folder/policy.yaml');
      },
    ],
  ])('refuses %s', (_, prepare) => {
    expect(answer(prepare())).toBe('refused');
  });

  it('refuses by either name of sources that are reached by a link', () => {
    const alias = join(base, 'alias');
    symlinkSync(sources, alias);
    expect(answer(join(sources, 'policy.yaml'), { CI: '1' }, alias)).toBe(
      'refused',
    );
    expect(answer(join(alias, 'policy.yaml'), { CI: '1' }, sources)).toBe(
      'refused',
    );
  });

  it('takes a folder whose name only begins like that of the sources', () => {
    mkdirSync(`${sources}-policies`);
    expect(answer(join(`${sources}-policies`, 'policy.yaml'))).toBe('taken');
  });

  it('does not end in links that lead to each other', () => {
    symlinkSync(join(outside, 'b'), join(outside, 'a'));
    symlinkSync(join(outside, 'a'), join(outside, 'b'));
    expect(answer(join(outside, 'a'))).toBe('taken');
  });

  it('refuses another name of a file of the sources', () => {
    linkSync(join(sources, 'policy.yaml'), join(outside, 'same.yaml'));
    expect(answer(join(outside, 'same.yaml'))).toBe('refused');
    expect(answer(join(outside, 'same.yaml'), {})).toBe('taken');
  });

  it('refuses what is no file: where it was filled from cannot be told', () => {
    const pipe = join(outside, 'pipe');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    expect(answer(pipe)).toBe('refused');
    expect(answer(pipe, {})).toBe('taken');
    expect(answer('/dev/null')).toBe('refused');
  });

  it('takes a folder outside, whose files are looked at one by one', () => {
    expect(answer(outside)).toBe('taken');
  });

  it.each([
    'TF_BUILD',
    'SEMAPHORE',
    'CIRCLECI',
    'TRAVIS',
    'DRONE',
    'BITBUCKET_COMMIT',
    'PROW_JOB_ID',
    'bamboo_planKey',
    'CONTINUOUS_INTEGRATION',
  ])('knows CI systems by what they set besides CI: %s', mark => {
    expect(runsInCi({ env: { CI: 'false', [mark]: 'x' } })).toBe(true);
    expect(runsInCi({ env: { [mark]: '' } })).toBe(false);
  });
});
