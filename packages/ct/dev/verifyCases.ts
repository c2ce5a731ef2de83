import { readFileSync, writeFileSync } from 'node:fs';
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

type Result = { id: string; accepted: boolean; detail: string };

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
  return {
    id,
    accepted: code === 0,
    detail: `exit ${code}: ${words(written)}`,
  };
}

function words(written: string): string {
  try {
    const { sentence, problem } = JSON.parse(written);
    return sentence ?? problem;
  } catch {
    return written.trim();
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
