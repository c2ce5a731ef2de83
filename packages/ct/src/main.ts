import { Command, CommanderError } from 'commander';
import { version } from '../package.json';
import { Surroundings } from './Surroundings';
import { UsageError } from './UsageError';
import { COMMANDS, Commands } from './commands';
import { EXIT } from './exitCodes';
import { safeText } from './report/safeText';
import { addPolicyLint } from './policy/lintCommand';
import { addVerifyArtifact } from './verifyArtifact/command';

/**
 * Runs the command line.
 *
 * @param commands - what does the work
 * @returns the exit code; never throws
 */
export async function main(
  args: string[],
  surroundings: Surroundings,
  commands: Commands = COMMANDS,
): Promise<number> {
  let code: number = EXIT.usage;
  const program = new Command('ct')
    .description(
      'Checks who signed an artifact, and whether that is who should have.',
    )
    .version(version)
    .configureOutput({
      writeOut: text => surroundings.write(text),
      writeErr: text => surroundings.complain(safeLines(text)),
    })
    .exitOverride();
  const settle = (result: number) => {
    code = result;
  };
  const verify = program
    .command('verify')
    .description('check signatures and attestations');
  addVerifyArtifact(verify, surroundings, commands, settle);
  const policy = program.command('policy').description('work with policies');
  addPolicyLint(policy, surroundings, commands, settle);

  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    return codeOf(error, surroundings);
  }
}

function codeOf(error: unknown, { complain }: Surroundings): number {
  if (error instanceof CommanderError) {
    // The message, if there is one, was written already.
    return error.exitCode === 0 ? EXIT.expected : EXIT.usage;
  }
  if (error instanceof UsageError) {
    complain(`${safeLines(error.message)}\n`);
    return EXIT.usage;
  }
  const words = error instanceof Error ? error.stack ?? error.message : error;
  complain(
    `ct failed; this is a defect of it and says nothing about the artifact.\n${safeLines(
      String(words),
    )}\n`,
  );
  return EXIT.couldNotCheck;
}

function safeLines(text: string): string {
  return text.split('\n').map(safeText).join('\n');
}
