import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../UsageError';
import { lintPolicyFiles } from './lintPolicyFiles';
import { exitCodeOfLint, printPolicyLint } from './printPolicyLint';

const POLICY = `apiVersion: cloudythings.io/v1alpha1
kind: TrustPolicy
metadata: { name: images }
spec:
  artifacts: [{ kind: image }]
  authorities:
    - name: release
      keyless:
        trustedRoot: public-good
        identities:
          - issuer: https://accounts.google.com
            subject: releases@acme.example
  exception: { until: 2027-01-31, owner: 'group:default/web', reason: moving }
`;

describe('ct policy lint', () => {
  let workingDirectory: string;
  beforeEach(() => {
    workingDirectory = mkdtempSync(join(tmpdir(), 'ct-policy-'));
  });
  afterEach(() => {
    rmSync(workingDirectory, { recursive: true });
  });

  function lint(files: Record<string, string>, roots?: string[], year = 2026) {
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(workingDirectory, name), text);
    }
    const now = () => new Date(Date.UTC(year, 6));
    return lintPolicyFiles(['.'], roots, { workingDirectory, now });
  }
  const print = (found: ReturnType<typeof lint>) =>
    printPolicyLint(found, { output: 'text', coloured: false }).split('\n');

  it('says what it read where there is nothing to say', () => {
    const found = lint({ 'a.yaml': POLICY, '.hidden.yaml': 'a: [' }, [
      'public-good',
    ]);
    expect(print(found)).toEqual([
      expect.stringMatching(
        /^1 policy and 0 Distrust in 1 file, sha256:[0-9a-f]{64}: nothing to say\.$/,
      ),
      '',
    ]);
    expect(exitCodeOfLint(found, true)).toBe(0);
  });

  it('shows mistakes with file, line and field', () => {
    const found = lint({
      'a.yaml': POLICY.replace('subject:', 'subjekt:'),
      'b.yml': 'a: b: c\n',
    });
    expect(print(found)).toEqual([
      'a.yaml:12: mistake: spec.authorities[0].keyless.identities[0].subjekt',
      '  this field is not known. Did you mean subject?',
      'b.yml:1: mistake: the document',
      expect.stringContaining('  this is not YAML'),
      '',
      '2 mistakes in 2 files: none of the policies would be used.',
      'Whether the trusted roots that they name are configured was not looked at.',
      '',
    ]);
    expect(exitCodeOfLint(found, false)).toBe(1);
  });

  it('compares the names of trusted roots where they are given', () => {
    expect(lint({ 'a.yaml': POLICY }, ['acme']).mistakes).toEqual([
      {
        place: 'a.yaml:9',
        field: 'spec.authorities[0].keyless.trustedRoot',
        problem:
          'no trusted root "public-good" is configured. Use one of: acme.',
      },
    ]);
  });

  it('shows warnings, which count when asked to', () => {
    const found = lint({ 'a.yaml': POLICY }, ['public-good'], 2030);
    expect(print(found).slice(0, 2)).toEqual([
      'a.yaml:13: warning: spec.exception.until [exception-over]',
      '  the exception was over after 2027-01-31 and changes nothing any more. Remove it, or ask group:default/web whether it goes on.',
    ]);
    expect(exitCodeOfLint(found, false)).toBe(0);
    expect(exitCodeOfLint(found, true)).toBe(1);
  });

  it('makes text of policies harmless for a terminal', () => {
    const found = lint({
      'a.yaml': POLICY.replace('kind: image', '"kind\\e[2J": image'),
    });
    expect(print(found).join('')).not.toContain('\u001b');
    expect(
      printPolicyLint(found, { output: 'json', coloured: true }),
    ).not.toContain('\u001b');
  });

  it('names what cannot be read', () => {
    const surroundings = { workingDirectory, now: () => new Date(0) };
    const ask = () => lintPolicyFiles(['none.yaml'], undefined, surroundings);
    expect(ask).toThrow(UsageError);
    expect(ask).toThrow('none.yaml cannot be read (there is none)');
    const empty = () => lintPolicyFiles(['.'], undefined, surroundings);
    expect(empty).toThrow('no .yaml file is in this folder');
  });
});
