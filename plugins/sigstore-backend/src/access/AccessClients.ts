import {
  Credentials,
  CredentialsError,
  OutboundClient,
  dockerCredentials,
} from '@cloudythings/sigstore-engine';
import { ANONYMOUS, AccessRule } from './AccessRule';
import { readAccess } from './referenceAccess';
import { RegistryCredentials } from './registryCredentials';

/** How long what a Docker configuration says is used; helpers give tokens of hours. */
const FRESH_MS = 5 * 60_000;

type Known = { client: OutboundClient; secret: string; until: number };

/**
 * The client that the references of one access are asked with. Each access has
 * its own, so that no token of one is used for another, and nothing that one was
 * shown is asked for on behalf of the other.
 */
export class AccessClients {
  readonly #anonymous: OutboundClient;
  readonly #credentials: ReadonlyMap<string, RegistryCredentials | undefined>;
  readonly #now: () => Date;
  readonly #known = new Map<string, Known>();

  /**
   * @param anonymous - what everybody may ask with
   * @param credentials - of registries
   * @param others - rules about credentials that are no registry's
   */
  constructor(
    anonymous: OutboundClient,
    credentials: readonly RegistryCredentials[],
    now: () => Date,
    others: readonly AccessRule[] = [],
  ) {
    this.#anonymous = anonymous;
    this.#credentials = new Map<string, RegistryCredentials | undefined>([
      ...others.map(({ name }) => [name, undefined] as const),
      ...credentials.map(one => [one.name, one] as const),
    ]);
    this.#now = now;
  }

  /**
   * @param access - of a reference, as `writeAccess` has it
   * @throws CredentialsError when they cannot be got; without them nobody is
   * asked, since that would be an answer to another question
   */
  async clientFor(
    access: string,
    signal?: AbortSignal,
  ): Promise<OutboundClient> {
    const { credentials: name } = readAccess(access);
    if (name === ANONYMOUS) return this.#anonymous;
    if (!this.#credentials.has(name)) {
      throw new CredentialsError(
        `The credentials "${name}" are no longer configured; the reference is asked without them once the catalog was read again`,
      );
    }
    const configured = this.#credentials.get(name);
    if (!configured) return this.#anonymous;
    const known = this.#known.get(name);
    if (known && known.until > this.#now().getTime()) return known.client;
    const credentials = await read(configured, signal);
    const secret = JSON.stringify(credentials);
    // The same credentials keep the tokens they were given.
    const client =
      known?.secret === secret
        ? known.client
        : this.#anonymous.withCredentials([
            { host: configured.host, credentials },
          ]);
    const until = this.#now().getTime() + FRESH_MS;
    this.#known.set(name, { client, secret, until });
    return client;
  }
}

async function read(
  { name, host, from }: RegistryCredentials,
  signal?: AbortSignal,
): Promise<Credentials> {
  if (!('dockerConfig' in from)) return from;
  const found = await dockerCredentials(from.dockerConfig, host, { signal });
  if (found) return found;
  throw new CredentialsError(
    `The credentials "${name}" are not there: ${from.dockerConfig} has none for ${host}; log in there with docker login, or name its credential helper`,
  );
}
