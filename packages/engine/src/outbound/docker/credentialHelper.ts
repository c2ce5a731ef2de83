import { execFile } from 'node:child_process';
import { z } from 'zod/v4';
import { Credentials } from '../HostRule';
import { CredentialsError } from './CredentialsError';

const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/i;
const MOST_MS = 10_000;
const MAX_OUTPUT_BYTES = 64 * 1024;
/** What helpers agreed to print when they have nothing for a host. */
const NOTHING = 'credentials not found in native keychain';
/** In place of a name: what follows is an identity token. */
const IDENTITY_TOKEN = '<token>';

const answerSchema = z.object({ Username: z.string(), Secret: z.string() });

/**
 * Asks a Docker credential helper what a host is asked with: the program
 * `docker-credential-NAME`, run without a shell, for a limited time.
 *
 * @returns nothing when the helper has nothing for the host
 * @throws CredentialsError, which does not repeat what the helper wrote
 */
export async function askHelper(
  name: string,
  host: string,
  options: { env?: NodeJS.ProcessEnv; signal?: AbortSignal },
): Promise<Credentials | undefined> {
  if (!NAME.test(name)) {
    throw new CredentialsError(
      'A credential helper has a name that cannot be used; it is letters, digits, - and _',
    );
  }
  const program = `docker-credential-${name}`;
  const output = await run(program, host, options);
  if (output === undefined) return undefined;
  let answer: z.infer<typeof answerSchema>;
  try {
    answer = answerSchema.parse(JSON.parse(output));
  } catch {
    throw new CredentialsError(
      `${program} answered for ${host} with something else than credentials`,
    );
  }
  if (answer.Username === IDENTITY_TOKEN) {
    return { identityToken: answer.Secret };
  }
  return { username: answer.Username, password: answer.Secret };
}

function run(
  program: string,
  host: string,
  { env, signal }: { env?: NodeJS.ProcessEnv; signal?: AbortSignal },
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      ['get'],
      {
        ...{ env, signal, shell: false },
        timeout: MOST_MS,
        maxBuffer: MAX_OUTPUT_BYTES,
        killSignal: 'SIGKILL',
      },
      (error, stdout) => {
        if (!error) resolve(stdout);
        else if (stdout.trim() === NOTHING) resolve(undefined);
        else reject(failureOf(program, host, error));
      },
    );
    // One that does not read, or is not there, is reported above.
    child.stdin?.on('error', () => {});
    child.stdin?.end(host);
  });
}

function failureOf(
  program: string,
  host: string,
  { code, killed }: { code?: unknown; killed?: boolean },
): CredentialsError {
  if (code === 'ENOENT') {
    return new CredentialsError(
      `${program} is not installed; put it on the PATH of the process`,
    );
  }
  const how = killed ? 'was too slow or wrote too much' : `failed (${code})`;
  return new CredentialsError(
    `${program} ${how} when asked for ${host}; run it by hand to see why`,
  );
}
