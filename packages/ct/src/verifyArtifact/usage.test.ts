import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
import { problemSchema } from '../report/reportSchema';

const IDENTITY = ['--certificate-identity', PLANNER];
const ISSUER = ['--certificate-oidc-issuer', GITHUB];
const DIGEST = `sha256:${'0'.repeat(64)}`;

describe('ct verify artifact, called in a way that cannot be followed', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ct-usage-'));
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(
      join(folder, 'private.pem'),
      privateKey.export({ type: 'pkcs8', format: 'pem' }),
    );
    writeFileSync(join(folder, 'no.json'), 'no JSON');
    writeFileSync(
      join(folder, 'bad.yaml'),
      'kind: TrustPolicy\nspec:\n  mod: x',
    );
    mkdirSync(join(folder, 'empty'));
    mkdirSync(join(folder, 'registry.example.com'));
    writeFileSync(join(folder, 'registry.example.com/app'), '');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const refused: [string, string[], string][] = [
    ['nothing expected', [PLAN], 'Nothing says who should have signed'],
    ['no issuer', [PLAN, ...IDENTITY], 'The issuer is missing'],
    ['no identity', [PLAN, ...ISSUER], 'The identity is missing'],
    [
      'an identity and a pattern',
      [PLAN, ...IDENTITY, '--certificate-identity-regexp', '.*', ...ISSUER],
      'exclude each other',
    ],
    [
      'a key and an identity',
      [PLAN, '--key', 'k.pem', ...IDENTITY],
      '--key and --certificate-identity exclude each other',
    ],
    [
      'a policy and an identity',
      [PLAN, '--kind', 'image', '--policy', POLICIES, ...IDENTITY, ...ISSUER],
      'said twice: by --policy and by --certificate-identity',
    ],
    [
      'the same flag twice',
      [PLAN, ...IDENTITY, ...IDENTITY, ...ISSUER],
      'It is given twice',
    ],
    [
      'an empty identity',
      [PLAN, '--certificate-identity', '', ...ISSUER],
      '--certificate-identity: ',
    ],
    [
      'a pattern that is none',
      [PLAN, '--certificate-identity-regexp', 'a(', ...ISSUER],
      '--certificate-identity-regexp: this is not a regular expression in RE2',
    ],
    [
      'a pattern that could take for ever',
      [PLAN, '--certificate-identity-regexp', '(a)\\1', ...ISSUER],
      '--certificate-identity-regexp: this is not a regular expression in RE2',
    ],
    [
      'a policy that is not there',
      [PLAN, '--kind', 'image', '--policy', 'none.yaml'],
      'there is none',
    ],
    [
      'a folder without policies',
      [PLAN, '--kind', 'image', '--policy', 'empty'],
      'without a .yaml file',
    ],
    ['an unknown kind', [PLAN, '--kind', 'picture'], 'Use one of: image'],
    [
      'a file under policies, of what kind',
      [PLAN, '--policy', POLICIES],
      'Give --kind',
    ],
    [
      'a digest under policies, of what reference',
      [DIGEST, '--kind', 'image', '--policy', POLICIES, '--bundle', 'b'],
      'Give --reference',
    ],
    [
      'a digest without a bundle',
      [DIGEST, ...IDENTITY, ...ISSUER],
      'A digest alone does not say where evidence could be',
    ],
    ['half a digest', ['sha256:00', ...IDENTITY, ...ISSUER], 'in full'],
    [
      'an object in a bucket',
      ['s3://acme-plans/plan.json', ...IDENTITY, ...ISSUER],
      'Copy it and what lies beside it first',
    ],
    [
      'neither file nor reference',
      ['nothing', ...IDENTITY, ...ISSUER],
      'There is no file',
    ],
    [
      'a file that is called like an image',
      ['registry.example.com/app', ...IDENTITY, ...ISSUER],
      'Write ./registry.example.com/app for the file',
    ],
    [
      'a bundle that is not there',
      [PLAN, ...IDENTITY, ...ISSUER, '--bundle', 'none'],
      'there is none',
    ],
    [
      'a root that is not JSON',
      [PLAN, ...IDENTITY, ...ISSUER, '--trusted-root', 'no.json'],
      'is not JSON',
    ],
    [
      'the root of the demo',
      [PLAN, ...IDENTITY, ...ISSUER, '--trusted-root', TRUSTED_ROOT],
      'it belongs to the demo',
    ],
    [
      'a root without the name that policies need',
      [
        PLAN,
        '--kind',
        'image',
        '--policy',
        POLICIES,
        '--trusted-root',
        TRUSTED_ROOT,
      ],
      'Write --trusted-root NAME=',
    ],
    [
      'two roots for flags',
      [
        ...[PLAN, ...IDENTITY, ...ISSUER],
        ...['--trusted-root', `a=${TRUSTED_ROOT}`],
        ...['--trusted-root', `b=${TRUSTED_ROOT}`],
      ],
      'given more than once',
    ],
    [
      'a threshold that cannot be met',
      [PLAN, ...EXPECT_PLANNER, '--threshold', 'transparencyLog=9'],
      'the threshold transparencyLog is 9',
    ],
    [
      'a threshold of nothing',
      [PLAN, ...EXPECT_PLANNER, '--threshold', 'logs=1'],
      'Write NAME.KIND=NUMBER',
    ],
    [
      'a threshold twice',
      [
        ...[PLAN, ...EXPECT_PLANNER, '--threshold', 'transparencyLog=1'],
        ...['--threshold', 'given.transparencyLog=0'],
      ],
      '--threshold given.transparencyLog=0 was said before',
    ],
    [
      'two mirrors of a host',
      [
        ...[PLAN, ...IDENTITY, ...ISSUER],
        ...['--mirror', 'a.example=http://127.0.0.1:1'],
        ...['--mirror', 'a.example=http://127.0.0.1:2'],
      ],
      '--mirror a.example is given twice',
    ],
    [
      'a repository that is a pattern',
      [PLAN, '--entity-repository', 'acme/.*/'],
      'Write owner/name',
    ],
    [
      'a mirror without its host',
      [PLAN, ...IDENTITY, ...ISSUER, '--mirror', 'http://127.0.0.1'],
      'is not HOST=URL',
    ],
    [
      'a host that is none',
      [PLAN, ...IDENTITY, ...ISSUER, '--allow-host', 'a/b'],
      'is not a host name',
    ],
    ['an unknown flag', [PLAN, '--insecure'], 'unknown option'],
    ['no artifact', [], 'missing required argument'],
  ];

  it.each(refused)('%s', async (_, args, words) => {
    const { code, out, err } = await runCt(['verify', 'artifact', ...args], {
      workingDirectory: folder,
    });
    expect({ code, out, err }).toEqual({
      code: 2,
      out: '',
      err: expect.stringContaining(words),
    });
  });

  it('names file and line of a mistake in a policy', async () => {
    const { code, err } = await runCt(
      ['verify', 'artifact', PLAN, '--kind', 'image', '--policy', 'bad.yaml'],
      { workingDirectory: folder },
    );
    expect(code).toBe(2);
    expect(err).toMatch(/^bad\.yaml:\d+: /m);
  });

  it('never shows a private key that was given for a public one', async () => {
    const key = join(folder, 'private.pem');
    const { code, out, err } = await runCt([
      'verify',
      'artifact',
      PLAN,
      '--key',
      key,
      '--output',
      'json',
    ]);
    expect(code).toBe(2);
    const { problem } = problemSchema.parse(JSON.parse(out));
    expect(problem).toContain('private key');
    expect(out + err).not.toContain('PRIVATE KEY-----\\n');
    expect(out + err).not.toContain('MC4CAQ');
  });

  it('says what is wrong as JSON where JSON was asked for', async () => {
    const { code, out } = await runCt([
      'verify',
      'artifact',
      PLAN,
      '--output',
      'json',
    ]);
    expect(problemSchema.parse(JSON.parse(out)).exitCode).toBe(code);
  });
});
