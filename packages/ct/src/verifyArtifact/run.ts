import { Surroundings } from '../Surroundings';
import { UsageError } from '../UsageError';
import { EXIT } from '../exitCodes';
import { renderReport } from '../report/renderReport';
import { REPORT_VERSION, reportOn } from '../report/report';
import { safeJson } from '../report/safeText';
import { VerifyFlags } from './flags';
import { verifyArtifact } from './verifyArtifact';

/**
 * Runs `ct verify artifact`: checks, and writes what came of it.
 *
 * @returns the exit code
 * @throws UsageError, unless JSON was asked for: then it is written as such
 */
export async function runVerifyArtifact(
  artifact: string,
  flags: VerifyFlags,
  surroundings: Surroundings,
): Promise<number> {
  const isJson = flags.output === 'json';
  try {
    const report = reportOn(
      await verifyArtifact(artifact, flags, surroundings),
    );
    surroundings.write(
      isJson
        ? `${safeJson(report)}\n`
        : renderReport(report, surroundings.coloured),
    );
    return report.exitCode;
  } catch (error) {
    if (!isJson || !(error instanceof UsageError)) throw error;
    const exitCode = EXIT.usage;
    const problem = error.message;
    const report = { version: REPORT_VERSION, exitCode, problem };
    surroundings.write(`${safeJson(report)}\n`);
    return exitCode;
  }
}
