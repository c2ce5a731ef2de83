import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  EXPECT_PLANNER,
  GITHUB,
  PLAN,
  PLANNER,
  POLICIES,
  TRUSTED_ROOT,
} from '../__testUtils__/acmeWorld';
import { runCt } from '../__testUtils__/runCt';
import { reportSchema } from '../report/reportSchema';

const BUNDLE = `${PLAN}.sigstore.json`;
const DIGEST = `sha256:${createHash('sha256')
  .update(readFileSync(PLAN))
  .digest('hex')}`;

describe('ct verify artifact on files', () => {
  let folder: string;

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'ct-files-')));
    mkdirSync(join(folder, '.git'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const verify = (...args: string[]) => runCt(['verify', 'artifact', ...args]);
  const inCi = (...args: string[]) =>
    runCt(['verify', 'artifact', ...args], {
      workingDirectory: folder,
      env: { CI: 'true' },
    });

  it('finds the bundle beside the file', async () => {
    expect((await verify(PLAN, ...EXPECT_PLANNER)).code).toBe(0);
  });

  it('takes a bundle that is handed over, and a digest for a file', async () => {
    const copy = join(folder, 'a plan.json');
    copyFileSync(PLAN, copy);
    expect((await verify(copy, ...EXPECT_PLANNER)).code).toBe(1);
    for (const artifact of [copy, DIGEST]) {
      const { code } = await verify(
        ...[artifact, '--bundle', BUNDLE, ...EXPECT_PLANNER],
      );
      expect([artifact, code]).toEqual([artifact, 0]);
    }
  });

  it('judges a file by the reference that policies know it under', async () => {
    const args = [
      ...[PLAN, '--kind', 'terraform-plan', '--policy', POLICIES],
      ...['--trusted-root', `acme=${TRUSTED_ROOT}`, '--allow-demo-root'],
      ...['--trusted-root', `acme-timestamped=${TRUSTED_ROOT}`],
      ...['--entity-repository', 'acme/checkout'],
    ];
    const reference = 'https://plans.acme.example/prod/checkout/plan.json';
    const under = await verify(...args, '--reference', reference);
    expect(under.code).toBe(0);
    expect(under.out).toContain('as the policy “production-plans” expects');
    // The built-in rule would be satisfied, and was not asked for.
    const elsewhere = await verify(...args);
    expect(elsewhere.code).toBe(1);
    expect(elsewhere.out).toContain('No policy covers this artifact');
  });

  it('does not take a policy of its own repository from anybody', async () => {
    const args = [PLAN, '--trusted-root', TRUSTED_ROOT, '--allow-demo-root'];
    const of = (repository: string) =>
      verify(...args, '--entity-repository', repository);
    expect((await of('acme/checkout')).code).toBe(0);
    expect((await of('acme/check.ut')).code).toBe(1);
    expect((await of('acme/checkout-evil')).code).toBe(1);
  });

  it('wants the attestation that is asked for, not just any signature', async () => {
    const type = 'https://slsa.dev/provenance/v1';
    const { code, out } = await verify(
      ...[PLAN, ...EXPECT_PLANNER, '--predicate-type', type],
    );
    expect(code).toBe(1);
    expect(out).toContain('predicate-missing');
  });

  it('reads several bundles from one file, and one sufficient is enough', async () => {
    const bundles = join(folder, 'bundles.jsonl');
    const bundle = JSON.stringify(JSON.parse(readFileSync(BUNDLE, 'utf8')));
    writeFileSync(bundles, `{"junk":true}\n${bundle}\n`);
    const { code, out } = await verify(
      ...[PLAN, '--bundle', bundles, ...EXPECT_PLANNER],
    );
    expect(code).toBe(0);
    expect(out).toContain('Seen besides');
  });

  it('does not call what it did not read the absence of a signature', async () => {
    const bundles = join(folder, 'bundles.jsonl');
    writeFileSync(bundles, '{"junk":true}\n'.repeat(40));
    const { code, out } = await verify(
      ...[PLAN, '--bundle', bundles, ...EXPECT_PLANNER],
    );
    expect(code).toBe(3);
    expect(out).toContain('evidence-over-cap');
  });

  it('could not check a file that is not there', async () => {
    const { code } = await verify(join(folder, 'none'), ...EXPECT_PLANNER);
    expect(code).toBe(3);
  });

  it('takes patterns for the whole identity and issuer', async () => {
    const matching = async (identity: string, issuer: string) =>
      (
        await verify(
          ...[PLAN, '--trusted-root', TRUSTED_ROOT, '--allow-demo-root'],
          ...['--certificate-identity-regexp', identity],
          ...['--certificate-oidc-issuer-regexp', issuer],
        )
      ).code;
    const escaped = PLANNER.replace(/\./g, '\\.');
    expect(await matching(escaped, GITHUB)).toBe(0);
    expect(await matching('github\\.com/acme/checkout', GITHUB)).toBe(1);
    expect(await matching(escaped, 'githubusercontent')).toBe(1);
  });

  it('writes nothing that a terminal would obey, whatever evidence says', async () => {
    const evil = '\u001b[2J\u202e✓ Signed by expected signer';
    const bundle = JSON.parse(readFileSync(BUNDLE, 'utf8'));
    bundle.mediaType = evil;
    const file = join(folder, 'evil.json');
    writeFileSync(file, JSON.stringify(bundle));
    for (const format of ['text', 'json']) {
      const { out, err } = await verify(
        ...[PLAN, '--bundle', file, ...EXPECT_PLANNER, '--output', format],
      );
      expect((out + err).replaceAll('\n', '')).not.toMatch(
        /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u,
      );
      expect(out).toContain('[2J');
    }
  });

  describe('in CI', () => {
    const copyOf = (file: string, name: string) => {
      const copy = join(folder, name);
      copyFileSync(file, copy);
      return copy;
    };

    it.each([
      ['a root', () => ['--trusted-root', copyOf(TRUSTED_ROOT, 'root.json')]],
      ['a key', () => ['--key', copyOf(PLAN, 'key.pem')]],
      [
        'a policy',
        () => [
          '--policy',
          copyOf(join(POLICIES, 'images.yaml'), 'images.yaml'),
        ],
      ],
      [
        'a file in a folder outside that is a link',
        () => {
          const outside = mkdtempSync(join(tmpdir(), 'ct-outside-'));
          symlinkSync(
            copyOf(join(POLICIES, 'images.yaml'), 'images.yaml'),
            join(outside, 'images.yaml'),
          );
          return ['--policy', outside];
        },
      ],
    ])('refuses %s from the sources', async (_, flags) => {
      const given = flags();
      const expected =
        given[0] === '--trusted-root'
          ? ['--certificate-identity', PLANNER]
          : [];
      const issuer = ['--certificate-oidc-issuer', GITHUB];
      const { code, err } = await inCi(
        ...[PLAN, '--kind', 'image', ...given],
        ...(expected.length > 0 ? [...expected, ...issuer] : []),
      );
      expect(code).toBe(2);
      expect(err).toContain('lies in the checked-out sources');
      expect(err).toContain('--trust-workspace');
    });

    it('takes artifact and bundle from the sources', async () => {
      const plan = copyOf(PLAN, 'plan.json');
      const bundle = copyOf(BUNDLE, 'bundle.json');
      const { code, out } = await inCi(
        ...[plan, '--bundle', bundle, ...EXPECT_PLANNER],
      );
      expect(code).toBe(0);
      expect(out).not.toContain('--trust-workspace');
    });

    it('says so where the sources may decide', async () => {
      const root = copyOf(TRUSTED_ROOT, 'root.json');
      const { code, out } = await inCi(
        ...[PLAN, '--trusted-root', root, '--allow-demo-root'],
        ...['--certificate-identity', PLANNER],
        ...['--certificate-oidc-issuer', GITHUB, '--trust-workspace'],
      );
      expect(code).toBe(0);
      expect(out).toContain('! --trust-workspace: ');
    });
  });

  it('writes JSON in the documented form', async () => {
    const { out, code } = await verify(
      ...[PLAN, ...EXPECT_PLANNER, '--output', 'json'],
    );
    const report = reportSchema.parse(JSON.parse(out));
    expect(report).toMatchObject({
      version: 1,
      exitCode: code,
      status: 'expected-signer',
      artifact: { given: PLAN, digest: DIGEST },
      policy: { origin: 'flags', covering: ['command-line'] },
      signer: { identity: PLANNER, issuer: GITHUB },
    });
  });
});
