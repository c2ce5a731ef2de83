import { POLICIES } from './__testUtils__/acmeWorld';
import { runCt } from './__testUtils__/runCt';

describe('ct', () => {
  it('shows how it is used where no command is named', async () => {
    const { code, err } = await runCt([]);
    expect(code).toBe(2);
    expect(err).toContain('Usage: ct ');
  });

  it('knows no command that it does not have', async () => {
    const { code, err } = await runCt(['verify', 'everything']);
    expect(code).toBe(2);
    expect(err).toContain("unknown command 'everything'");
  });

  it.each([
    ['--help'],
    ['-h'],
    ['help'],
    ['--version'],
    ['-V'],
    ['verify', '--help'],
    ['verify', 'help', 'artifact'],
    ['help', 'verify'],
    ['verify', 'artifact', '--help'],
    ['--help', 'verify', 'artifact'],
  ])('tells what it was asked about itself: %s %s %s', async (...args) => {
    const { code, out, err } = await runCt(args);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^Usage: ct |^\d+\.\d+\.\d+/);
  });

  // The artifact of a gate is often somebody else's text.
  const gate = ['--certificate-identity', 'x', '--certificate-oidc-issuer'];
  it.each(['--help', '-h', '-V', '--version', '-hV', '-Vx', 'help'])(
    'checks an artifact or fails, whatever it is called: %s',
    async artifact => {
      const before = ['verify', 'artifact', artifact, ...gate, 'y'];
      const after = ['verify', 'artifact', ...gate, 'y', artifact];
      const value = ['verify', 'artifact', 'app:1', ...gate, artifact];
      const operand = ['verify', 'artifact', ...gate, 'y', '--', artifact];
      const alone = ['verify', 'artifact', '--output=json', artifact];
      for (const args of [before, after, value, operand, alone]) {
        const { code, out } = await runCt(args);
        expect({ args, code }).toEqual({ args, code: 2 });
        expect(out).not.toMatch(/Usage:|^\d/);
      }
    },
  );

  it('says how to name an artifact that looks like an option', async () => {
    const { err } = await runCt(['verify', 'artifact', '-h', ...gate, 'y']);
    expect(err).toContain('nothing was checked');
    expect(err).toContain('-- "$IMAGE"');
  });

  it('shows what was typed without obeying it', async () => {
    const { err } = await runCt(['\u001b[2J']);
    expect(err).not.toContain('\u001b');
    expect(err).toContain('\\u{1b}[2J');
  });

  it('lints policies, by the names of trusted roots where they are given', async () => {
    const lint = (...args: string[]) => runCt(['policy', 'lint', ...args]);
    const all = [
      '--trusted-root',
      'acme',
      '--trusted-root',
      'acme-timestamped',
    ];
    expect((await lint(POLICIES)).code).toBe(0);
    expect((await lint(POLICIES, ...all)).code).toBe(0);
    const { code, out } = await lint(POLICIES, ...all.slice(0, 2));
    expect(code).toBe(1);
    expect(out).toMatch(/images\.yaml:\d+: mistake: .*trustedRoot/);
    expect((await lint()).code).toBe(2);
  });

  it('says that a defect says nothing about the artifact', async () => {
    const { code, err } = await runCt(['policy', 'lint', POLICIES], {
      now: () => {
        throw new Error('broken');
      },
    });
    expect(code).toBe(3);
    expect(err).toContain('says nothing about the artifact');
  });
});
