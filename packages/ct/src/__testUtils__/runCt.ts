import { main } from '../main';
import { Surroundings } from '../Surroundings';
import { runPolicyLint } from '../policy/runPolicyLint';
import { runVerifyArtifact } from '../verifyArtifact/run';

/** What a call of `ct` came to. */
export type Call = { code: number; out: string; err: string };

/** Calls `ct` in this process, outside of CI unless it is said otherwise. */
export async function runCt(
  args: string[],
  surroundings: Partial<Surroundings> = {},
): Promise<Call> {
  const call = { code: -1, out: '', err: '' };
  const all: Surroundings = {
    write: text => {
      call.out += text;
    },
    complain: text => {
      call.err += text;
    },
    env: {},
    workingDirectory: process.cwd(),
    coloured: false,
    now: () => new Date('2026-12-01T00:00:00Z'),
    ...surroundings,
  };
  // Loaded beforehand: Jest cannot load anything late.
  call.code = await main(args, all, {
    verifyArtifact: async () => runVerifyArtifact,
    policyLint: async () => runPolicyLint,
  });
  return call;
}
