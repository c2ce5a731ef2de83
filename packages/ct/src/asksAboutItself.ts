import { Command } from 'commander';

const HELP = ['help', '--help', '-h'];
const VERSION = ['--version', '-V'];

/**
 * Whether a command line asks for help or the version and for nothing else.
 * What comes with anything besides is a check whose artifact, or another value
 * that somebody else chose, reads like a question: answering it would pass for
 * a check that came out well.
 */
export function asksAboutItself(
  program: Command,
  args: readonly string[],
): boolean {
  if (args.length === 1 && VERSION.includes(args[0])) return true;
  const rest = args.filter(arg => !HELP.includes(arg));
  return rest.length === args.length - 1 && isCommand(program, rest);
}

function isCommand(
  { commands }: Command,
  [first, ...rest]: readonly string[],
): boolean {
  if (first === undefined) return true;
  const command = commands.find(one => one.name() === first);
  return command !== undefined && isCommand(command, rest);
}
