import { ARTIFACT_KINDS } from '@cloudythings/backstage-plugin-sigstore-common';
import { readFileSync } from 'fs';
import { resolve } from 'path';
import { POLICY_WARNINGS } from './lint';
import { loadTrustPolicies } from './loadTrustPolicies';

const PAGE = readFileSync(
  resolve(__dirname, '../../../../docs/trust-policy.md'),
  'utf8',
);
const MESSAGES = readFileSync(
  resolve(__dirname, 'loadTrustPolicies.messages.test.ts'),
  'utf8',
);
const files = [...PAGE.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(
  ([, text], index) => ({ path: `${index}.yaml`, text }),
);
const known = {
  trustedRoots: ['public-good', 'acme'],
  now: new Date('2026-07-01T00:00:00Z'),
};

describe('docs/trust-policy.md', () => {
  it('has examples that load together, without a warning', () => {
    const { warnings, distrusts } = loadTrustPolicies(files, known);
    expect(warnings).toEqual([]);
    expect(distrusts).toHaveLength(2);
  });

  it('has an example for each kind of artifact', () => {
    const { policies } = loadTrustPolicies(files, known);
    const kinds = policies.flatMap(({ spec }) =>
      spec.artifacts.map(({ kind }) => kind),
    );
    expect([...new Set(kinds)].sort()).toEqual([...ARTIFACT_KINDS].sort());
  });

  it('explains every warning', () => {
    const rows = [...PAGE.matchAll(/^\| `([a-z-]+)` +\|.*\|.*\|$/gm)];
    const codes = rows.map(([, code]) => code);
    expect(codes).toEqual(expect.arrayContaining(Object.keys(POLICY_WARNINGS)));
  });

  it('quotes mistakes as they are told', () => {
    const [, quoted] = /^## Mistakes\n[^]*?^```text\n([^]*?)^```$/m.exec(PAGE)!;
    const lines = quoted.trim().split('\n');
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) expect(MESSAGES).toContain(`'${line}'`);
  });
});
