import {
  AcmeServer,
  ExpectedRow,
  POLICIES,
  TRUSTED_ROOT,
  expectedRows,
  repositoryOf,
} from '../__testUtils__/acmeWorld';
import { runCt } from '../__testUtils__/runCt';
import { EXIT, exitCodeOf } from '../exitCodes';
import { Report, reportSchema } from '../report/reportSchema';

jest.setTimeout(60_000);

// No policy names it: there, the backend's built-in rule stands in.
const BUILT_IN = 'labs/recommendations';

describe('ct verify artifact on the recorded world', () => {
  let server: AcmeServer;

  beforeAll(async () => {
    server = await AcmeServer.start();
  });
  afterAll(() => server.stop());

  const verify = async (row: ExpectedRow, ...more: string[]) => {
    const repository = repositoryOf(row.entity);
    return runCt([
      ...['verify', 'artifact', row.reference, '--kind', row.kind],
      ...(row.reference.includes(BUILT_IN) ? [] : ['--policy', POLICIES]),
      ...['--allow-demo-root', ...server.flags],
      ...['--trusted-root', `acme=${TRUSTED_ROOT}`],
      ...['--trusted-root', `acme-timestamped=${TRUSTED_ROOT}`],
      ...['--threshold', 'acme-timestamped.transparencyLog=0'],
      ...(repository ? ['--entity-repository', repository] : []),
      ...more,
    ]);
  };

  it.each(expectedRows().map(row => [`${row.entity} ${row.reference}`, row]))(
    'comes to what the backend comes to: %s',
    async (_, given) => {
      const expected = given as ExpectedRow;
      const { code, out } = await verify(expected, '--output', 'json');
      const report: Report = reportSchema.parse(JSON.parse(out));
      expect({
        status: report.status,
        finding: report.findings[0]?.code ?? null,
        signer: report.signer?.identity ?? null,
        exitCode: report.exitCode,
      }).toEqual({
        status: expected.status,
        finding: expected.finding,
        signer: expected.signer,
        exitCode: exitCodeOf(report.status),
      });
      expect(code).toBe(report.exitCode);
    },
  );

  const rowOf = (part: string) =>
    expectedRows().find(({ reference }) => reference.includes(part))!;

  it('says the policy first, then the checks, then one sentence', async () => {
    const { code, out } = await verify(rowOf('acme/checkout:'));
    expect(code).toBe(EXIT.expected);
    const order = [
      'Policy, from policies: sha256:',
      'identity matching https://github\\.com/acme/checkout/',
      'Artifact: registry.acme.example/acme/checkout:1.4.2',
      '✓ registry.acme.example referrers: found',
      '✓ The evidence can be read',
      '✓ What was signed is this very artifact',
      '✓ Signed by expected signer: release.yml in acme/checkout',
    ].map(words => out.indexOf(words));
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it('explains a refusal, with what was expected beside what was found', async () => {
    const { code, out } = await verify(rowOf('acme/checkout-worker'));
    expect(code).toBe(EXIT.notExpected);
    for (const words of [
      '✗ Signed by someone else',
      'What happened   The signature is genuine',
      'Why it matters  ',
      'What to do      Do not roll it out',
      'expected identity  https://github\\.com/acme/checkout/',
      'found identity     jane@acme.example',
    ])
      expect(out).toContain(words);
  });

  it('could not check where a registry does not answer', async () => {
    const { code, out } = await verify(rowOf('egress-baseline'));
    expect(code).toBe(EXIT.couldNotCheck);
    expect(out).toContain('? Could not check');
  });

  it('asks no host that was not allowed, and says how to allow it', async () => {
    const { code, out } = await runCt([
      ...['verify', 'artifact', 'registry.acme.example/acme/checkout:1.4.2'],
      ...['--entity-repository', 'acme/checkout'],
    ]);
    expect(code).toBe(EXIT.couldNotCheck);
    expect(out).toContain('pass --allow-host');
  });
});
