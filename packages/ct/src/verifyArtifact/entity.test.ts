import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GITHUB, PLAN, TRUSTED_ROOT } from '../__testUtils__/acmeWorld';
import { runCt } from '../__testUtils__/runCt';
import { reportSchema } from '../report/reportSchema';

const policy = (name: string, artifact: object, subjectRegExp: string) =>
  JSON.stringify({
    apiVersion: 'cloudythings.io/v1alpha1',
    kind: 'TrustPolicy',
    metadata: { name },
    spec: {
      artifacts: [{ kind: 'terraform-plan', ...artifact }],
      authorities: [
        {
          name: 'workflow',
          keyless: {
            trustedRoot: 'acme',
            identities: [{ issuer: GITHUB, subjectRegExp }],
          },
        },
      ],
    },
  });

const ENTITY = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'checkout', namespace: 'default', uid: 'u', etag: 'e' },
  spec: { type: 'service' },
  relations: [{ type: 'ownedBy', targetRef: 'group:default/checkout' }],
};

describe('ct verify artifact under policies that select by an entity', () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'ct-entity-')));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Under a rule that the signer satisfies, and one that he does not. */
  const verify = async (
    entity: object | string | undefined,
    predicate: object = { 'metadata.namespace': 'production' },
    env: Record<string, string> = {},
  ) => {
    const wide = policy('all', {}, 'https://github\\.com/acme/.*');
    const strict = policy('strict', { entity: predicate }, 'somebody else');
    writeFileSync(join(folder, 'policies.yaml'), `${wide}\n---\n${strict}\n`);
    if (entity !== undefined) {
      const text = typeof entity === 'string' ? entity : JSON.stringify(entity);
      writeFileSync(join(folder, 'entity.yaml'), text);
    }
    const { code, out } = await runCt(
      [
        ...['verify', 'artifact', '--kind', 'terraform-plan'],
        ...['--policy', join(folder, 'policies.yaml'), '--output', 'json'],
        ...['--trusted-root', `acme=${TRUSTED_ROOT}`, '--allow-demo-root'],
        ...['--reference', 'https://plans.acme.example/plan.json'],
        ...(entity === undefined ? [] : ['--entity', 'entity.yaml']),
        ...['--', PLAN],
      ],
      { workingDirectory: folder, env },
    );
    return { code, report: JSON.parse(out) };
  };
  const inNamespace = (namespace: string) => ({
    ...ENTITY,
    metadata: { ...ENTITY.metadata, namespace },
  });

  it('could not check where no entity is named, and names the policies', async () => {
    const { code, report } = await verify(undefined);
    expect({ code, status: report.status }).toEqual({
      code: 3,
      status: 'could-not-check',
    });
    const [finding] = reportSchema.parse(report).findings;
    expect(finding.code).toBe('entity-unknown');
    expect(finding.detail).toContain('"strict"');
    expect(finding.detail).toContain('metadata.namespace');
  });

  it('applies the policies that select the entity that is named', async () => {
    expect((await verify(inNamespace('production'))).code).toBe(1);
    const { code, report } = await verify(ENTITY);
    expect(code).toBe(0);
    expect(report.policy.entity).toEqual({
      ref: 'component:default/checkout',
      from: 'entity.yaml',
    });
    const owner = { relations: { $contains: ENTITY.relations[0] } };
    expect((await verify(ENTITY, owner)).code).toBe(1);
  });

  it('does not take what the backend does not know either for its absence', async () => {
    const selected = { $not: { 'metadata.uid': 'another' } };
    expect((await verify(ENTITY, selected)).code).toBe(3);
    const lying = { ...ENTITY, omitted: [], known: ['kind'] };
    expect((await verify(lying, selected)).code).toBe(3);
  });

  it.each([
    ['the file of a team', { ...ENTITY, relations: undefined }, 'relations'],
    ['several documents', 'a: 1\n---\nb: 2\n', 'multiple documents'],
    ['no entity', '[]', 'expected object'],
    ['a key twice', 'kind: A\nkind: B\n', 'unique'],
  ])('takes no other file for an entity: %s', async (_, entity, words) => {
    const { code, report } = await verify(entity);
    expect({ code, problem: report.problem }).toEqual({
      code: 2,
      problem: expect.stringContaining(words),
    });
    expect(report.problem).toContain('/api/catalog/entities/by-name/');
  });

  it('takes none from the sources in CI, nor one that nobody asks for', async () => {
    const { code, report } = await verify(ENTITY, {}, { CI: 'true' });
    expect(code).toBe(2);
    expect(report.problem).toContain('lies in the checked-out sources');
    const { code: alone } = await runCt([
      ...['verify', 'artifact', '--entity', 'e', '--entity-repository', 'a/b'],
      ...['--', PLAN],
    ]);
    expect(alone).toBe(2);
  });
});
