import {
  ArtifactReport,
  parseReference,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { cosignCommands } from './commands/cosign';
import { ctCommand } from './commands/ct';
import { CommandRoot, expectationsOf } from './commands/expectation';
import { isPasteable, lines } from './commands/shell';
import { targetOf } from './commands/target';

export type { CommandRoot } from './commands/expectation';

/**
 * Commands that repeat a check with cosign and with `ct`, ready to paste into a
 * POSIX shell: they ask for the signer that is expected, or the one found where
 * no rule expects any.
 *
 * @param context - `timestamped` tells that the evidence counts on the time of a
 * timestamp authority, which cosign wants to be told
 * @returns nothing when there is neither a digest nor a signer to ask for, or
 * when what would have to be written is not fit to be pasted
 */
export function reproduce(
  report: Pick<
    ArtifactReport,
    'kind' | 'reference' | 'digest' | 'throughIndex' | 'expected' | 'signer'
  >,
  context: { roots: CommandRoot[]; timestamped: boolean },
): { tool: string; command: string }[] {
  const parsed = parseReference(report.reference);
  if (!parsed.ok || !report.digest) return [];
  // Neither of the two knows which index lists a platform image.
  const signed = report.throughIndex ?? report.digest;
  const target = targetOf(parsed.parsed, signed);
  const expectations = expectationsOf(report, context);
  const commands = {
    cosign: expectations.flatMap(who => cosignCommands(target, who)),
    ct: expectations.map(who => ctCommand(target, report.kind, who)),
  };
  return Object.entries(commands).flatMap(([tool, all]) =>
    [...new Set(all.filter(isPasteable).map(lines))].map(command => ({
      tool,
      command,
    })),
  );
}
