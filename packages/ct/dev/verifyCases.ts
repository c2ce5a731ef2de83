import { readFileSync, writeFileSync } from 'node:fs';
import { EXIT } from '../src/exitCodes';
import { main } from '../src/main';

/**
 * Runs signed cases as somebody at a command line would:
 *
 *   node --require @backstage/cli/config/nodeTransform.cjs dev/verifyCases.ts \
 *     CASES.json RESULTS.json
 */
type SignedCase = {
  id: string;
  bundle?: string;
  artifact?: string;
  trustedRoot?: string;
  identity?: string;
  issuer?: string;
  key?: string;
  predicateType?: string;
};

type Result = {
  id: string;
  outcome: 'verified' | 'rejected' | 'not-checked';
  reason: string;
  detail: string;
};

/** Wrong usage and what could not be checked say nothing of the evidence. */
const OUTCOMES: Record<number, Result['outcome']> = {
  [EXIT.expected]: 'verified',
  [EXIT.notExpected]: 'rejected',
  [EXIT.usage]: 'not-checked',
  [EXIT.couldNotCheck]: 'not-checked',
};

const FLAGS = {
  bundle: '--bundle',
  trustedRoot: '--trusted-root',
  identity: '--certificate-identity',
  issuer: '--certificate-oidc-issuer',
  key: '--key',
  predicateType: '--predicate-type',
} as const;

async function runCase(signedCase: SignedCase): Promise<Result> {
  const flags = (Object.keys(FLAGS) as (keyof typeof FLAGS)[]).flatMap(name => {
    const value = signedCase[name];
    return value === undefined ? [] : [`${FLAGS[name]}=${value}`];
  });
  const { id, artifact = '' } = signedCase;
  let written = '';
  const code = await main(
    ['verify', 'artifact', '--output=json', ...flags, '--', artifact],
    {
      write: text => {
        written += text;
      },
      complain: text => {
        written += text;
      },
      env: {},
      workingDirectory: '/',
      coloured: false,
      now: () => new Date(),
    },
  );
  const { reason, words } = readReport(written);
  return {
    id,
    outcome: OUTCOMES[code],
    reason,
    detail: `exit ${code}: ${words}`,
  };
}

function readReport(written: string): { reason: string; words: string } {
  try {
    const { status, findings, sentence, problem } = JSON.parse(written);
    return problem === undefined
      ? { reason: findings[0]?.code ?? status, words: sentence }
      : { reason: 'usage', words: problem };
  } catch {
    return { reason: 'usage', words: written.trim() };
  }
}

async function runAll([input, output]: string[]): Promise<void> {
  const cases: SignedCase[] = JSON.parse(readFileSync(input, 'utf8'));
  const results: Result[] = [];
  for (const signedCase of cases) results.push(await runCase(signedCase));
  writeFileSync(output, JSON.stringify(results));
}

runAll(process.argv.slice(2)).catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
