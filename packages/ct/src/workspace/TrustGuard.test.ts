import {
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

  const allow = (
    path: string,
    env: Record<string, string> = { CI: 'true' },
    workingDirectory = sources,
    trustWorkspace = false,
  ) =>
    TrustGuard.create(
      {
        ...{ env, workingDirectory, now: () => new Date(), coloured: false },
        ...{ write: () => {}, complain: () => {} },
      },
      trustWorkspace,
    ).allow('--policy', path);

  const refused = (...args: Parameters<typeof allow>) => {
    expect(() => allow(...args)).toThrow(UsageError);
    expect(() => allow(...args)).toThrow('--trust-workspace');
  };

  it('refuses a file of the sources, and takes one from outside', () => {
    refused(join(sources, 'policy.yaml'));
    allow(join(outside, 'policy.yaml'));
  });

  it('is about CI only, and can be lifted', () => {
    allow(join(sources, 'policy.yaml'), {});
    allow(join(sources, 'policy.yaml'), { CI: 'false' });
    allow(join(sources, 'policy.yaml'), { CI: '1' }, sources, true);
  });

  it('knows the work tree from a folder in it', () => {
    refused(join(sources, 'policy.yaml'), { CI: '1' }, join(sources, 'sub'));
  });

  it('does not take an inner work tree for the whole of it', () => {
    mkdirSync(join(sources, 'sub/deep/.git'));
    refused(
      join(sources, 'policy.yaml'),
      { CI: '1' },
      join(sources, 'sub/deep'),
    );
  });

  it('believes the CI system where the sources are', () => {
    const env = { CI: '1', GITHUB_WORKSPACE: sources };
    refused(join(sources, 'policy.yaml'), env, outside);
    refused(
      join(sources, 'policy.yaml'),
      { GITLAB_CI: 'true', CI_PROJECT_DIR: sources },
      outside,
    );
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
    refused(prepare());
  });

  it('refuses by either name of sources that are reached by a link', () => {
    const alias = join(base, 'alias');
    symlinkSync(sources, alias);
    refused(join(sources, 'policy.yaml'), { CI: '1' }, alias);
    refused(join(alias, 'policy.yaml'), { CI: '1' }, sources);
  });

  it('takes a folder whose name only begins like that of the sources', () => {
    mkdirSync(`${sources}-policies`);
    allow(join(`${sources}-policies`, 'policy.yaml'));
  });

  it('does not end in links that lead to each other', () => {
    symlinkSync(join(outside, 'b'), join(outside, 'a'));
    symlinkSync(join(outside, 'a'), join(outside, 'b'));
    allow(join(outside, 'a'));
  });

  it('knows CI systems that do not set CI', () => {
    expect(runsInCi({ env: { TF_BUILD: 'True' } })).toBe(true);
    expect(runsInCi({ env: { CI: '' } })).toBe(false);
  });
});
