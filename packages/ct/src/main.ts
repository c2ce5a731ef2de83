import { Command, CommanderError } from 'commander';
import { version } from '../package.json';
import { Surroundings } from './Surroundings';
import { UsageError } from './UsageError';
import { asksAboutItself } from './asksAboutItself';
import { COMMANDS, Commands } from './commands';
import { EXIT } from './exitCodes';
import { safeText } from './report/safeText';
import { addPolicyLint } from './policy/lintCommand';
import { addVerifyArtifact } from './verifyArtifact/command';

const MIXED =
  'Help and the version are for asking alone, and nothing was checked. Where a value may look like an option, write --option="$VALUE", and the artifact last, after two dashes: ct verify artifact … -- "$IMAGE".';

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
  let answer = '';
  const program = new Command('ct')
    .description(
      'Checks who signed an artifact, and whether that is who should have.',
    )
    .version(version)
    .configureOutput({
      writeOut: text => {
        answer += text;
      },
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
    if (!isAnswered(error)) return codeOf(error, surroundings);
    if (!asksAboutItself(program, args)) {
      return codeOf(new UsageError(MIXED), surroundings);
    }
    surroundings.write(answer);
    return EXIT.expected;
  }
}

/** Help or the version, which the parser reports as it reports mistakes. */
function isAnswered(error: unknown): boolean {
  return error instanceof CommanderError && error.exitCode === 0;
}

function codeOf(error: unknown, { complain }: Surroundings): number {
  // Its message was written already.
  if (error instanceof CommanderError) return EXIT.usage;
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
