import { Command, Option } from 'commander';
import { Surroundings } from '../Surroundings';
import { Commands } from '../commands';

/** The flags of `ct policy lint`, as they were given. */
export type LintFlags = {
  trustedRoot: string[];
  failOnWarnings?: boolean;
  output: 'text' | 'json';
};

/** Adds `ct policy lint`. */
export function addPolicyLint(
  policy: Command,
  surroundings: Surroundings,
  commands: Commands,
  settle: (exitCode: number) => void,
): void {
  policy
    .command('lint')
    .description('say what is wrong with trust policies, and what is probable')
    .argument('<path...>', 'policy files, or folders of them')
    .addOption(
      new Option(
        '--trusted-root <name>',
        'name of a trusted root that policies may use; more than once for several (default: any)',
      )
        .argParser((value: string, before: string[] = []) => [...before, value])
        .default([], 'any'),
    )
    .option('--fail-on-warnings', 'exit with 1 for warnings, too')
    .addOption(
      new Option('--output <format>').choices(['text', 'json']).default('text'),
    )
    .addHelpText(
      'after',
      '\nExit codes: 0 all can be used; 1 there are mistakes; 2 wrong usage, or a file that cannot be read.',
    )
    .action(async (paths: string[], flags: LintFlags) => {
      const run = await commands.policyLint();
      settle(run(paths, flags, surroundings));
    });
}
