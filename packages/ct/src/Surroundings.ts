/**
 * What a command needs of the process it runs in.
 */
export type Surroundings = {
  /** Writes to the standard output. */
  write: (text: string) => void;
  /** Writes to the standard error. */
  complain: (text: string) => void;
  env: Readonly<Record<string, string | undefined>>;
  workingDirectory: string;
  /** Whether a person looks at the standard output, who can see colours. */
  coloured: boolean;
  now: () => Date;
};

/** The surroundings of this very process. */
export function processSurroundings(): Surroundings {
  const { stdout, stderr, env } = process;
  return {
    write: text => stdout.write(text),
    complain: text => stderr.write(text),
    env,
    workingDirectory: process.cwd(),
    coloured: stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb',
    now: () => new Date(),
  };
}
