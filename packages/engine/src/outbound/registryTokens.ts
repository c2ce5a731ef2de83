import { z } from 'zod/v4';
import { AllowedHost, Destination, HostTable } from './HostTable';
import { OutboundError } from './OutboundError';

const MAX_TOKENS = 1000;
// What the Docker token specification says holds when nothing is said.
const DEFAULT_LIFETIME_SECONDS = 60;
const SAFETY_SECONDS = 10;

const answerSchema = z.object({
  token: z.string().min(1).optional(),
  access_token: z.string().min(1).optional(),
  expires_in: z.number().positive().optional(),
});

/** Asks a token host; redirects are not followed. A form is posted. */
export type AskTokenHost = (
  destination: Destination,
  question: {
    authorization?: string;
    form?: URLSearchParams;
    signal?: AbortSignal;
  },
) => Promise<Buffer>;

/** Names us where the OAuth 2 variant of the token specification wants a name. */
const CLIENT_ID = 'cloudythings';

/**
 * Gets and keeps the tokens that OCI registries ask for, by the token
 * specification of the distribution project: anonymous ones, or with the
 * credentials that were configured for that very registry.
 */
export class RegistryTokens {
  readonly #hosts: HostTable;
  readonly #ask: AskTokenHost;
  readonly #tokens = new Map<string, { value: string; until: number }>();

  constructor(hosts: HostTable, ask: AskTokenHost) {
    this.#hosts = hosts;
    this.#ask = ask;
  }

  /** The `Authorization` header to try first, where one is known. */
  known(host: AllowedHost, repository: string): string | undefined {
    const token = this.#tokens.get(keyOf(host, repository));
    return token && token.until > Date.now()
      ? `Bearer ${token.value}`
      : undefined;
  }

  /**
   * Answers a `WWW-Authenticate` challenge of a registry.
   *
   * The realm must be on an allowed host. Credentials go there only when it is
   * the registry itself or the token host that the service is known for:
   * otherwise any registry could ask for a token of another one and be given
   * it. The scope asked for is always ours, never the challenge's.
   *
   * Returns the `Authorization` header to try again with, or nothing when the
   * challenge cannot be met. Throws `OutboundError`.
   */
  async answer(
    from: Destination,
    challenge: string | undefined,
    repository: string,
    signal?: AbortSignal,
  ): Promise<string | undefined> {
    const { credentials } = from.host;
    if (credentials && 'token' in credentials) {
      return `Bearer ${credentials.token}`;
    }
    const { scheme, parameters } = parseChallenge(challenge ?? '');
    if (scheme === 'basic') return basicAuthorization(from.host);
    if (scheme !== 'bearer' || !parameters.realm) return undefined;

    const realm = this.#hosts.follow(from, parameters.realm, 'token');
    const asked = new URLSearchParams({
      scope: `repository:${repository}:pull`,
      ...(parameters.service ? { service: parameters.service } : {}),
    });
    const own =
      realm.url.origin === from.url.origin ||
      from.host.tokenHosts.includes(realm.url.host);
    const body =
      own && credentials && 'identityToken' in credentials
        ? await this.#redeem(realm, asked, credentials.identityToken, signal)
        : await this.#askFor(
            realm,
            asked,
            own ? basicAuthorization(from.host) : undefined,
            signal,
          );
    const token = readToken(body, realm.host.name);
    this.#remember(keyOf(from.host, repository), token);
    return `Bearer ${token.value}`;
  }

  #askFor(
    realm: Destination,
    asked: URLSearchParams,
    authorization: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Buffer> {
    asked.forEach((value, name) => realm.url.searchParams.set(name, value));
    return this.#ask(realm, { authorization, signal });
  }

  /** By the OAuth 2 variant of the token specification of Docker. */
  #redeem(
    realm: Destination,
    asked: URLSearchParams,
    identityToken: string,
    signal: AbortSignal | undefined,
  ): Promise<Buffer> {
    const form = new URLSearchParams(asked);
    form.set('grant_type', 'refresh_token');
    form.set('client_id', CLIENT_ID);
    form.set('refresh_token', identityToken);
    return this.#ask(realm, { form, signal });
  }

  #remember(key: string, token: { value: string; lifetime: number }) {
    const oldest = this.#tokens.keys().next();
    if (this.#tokens.size >= MAX_TOKENS && !oldest.done) {
      this.#tokens.delete(oldest.value);
    }
    const lifetime = Math.max(token.lifetime - SAFETY_SECONDS, 0);
    this.#tokens.set(key, {
      value: token.value,
      until: Date.now() + lifetime * 1000,
    });
  }
}

/** HTTP basic authentication with the credentials of this host, if it has any. */
export function basicAuthorization(host: AllowedHost): string | undefined {
  if (!host.credentials || !('username' in host.credentials)) return undefined;
  const { username, password } = host.credentials;
  const encoded = Buffer.from(`${username}:${password}`).toString('base64');
  return `Basic ${encoded}`;
}

function keyOf(host: AllowedHost, repository: string): string {
  return `${host.name}/${repository}`;
}

function readToken(body: Buffer, host: string) {
  const broken = (cause?: unknown) =>
    new OutboundError('unreachable', host, 'answered without a token', {
      cause,
    });
  let answer: z.infer<typeof answerSchema>;
  try {
    answer = answerSchema.parse(JSON.parse(body.toString('utf8')));
  } catch (error) {
    throw broken(error);
  }
  const value = answer.token ?? answer.access_token;
  // A header takes visible ASCII only.
  if (!value || !/^[\x21-\x7e]+$/.test(value)) throw broken();
  return { value, lifetime: answer.expires_in ?? DEFAULT_LIFETIME_SECONDS };
}

function parseChallenge(challenge: string) {
  const [, scheme = '', rest = ''] =
    /^\s*([A-Za-z]+)\s*(.*)$/.exec(challenge) ?? [];
  const parameters: Record<string, string> = {};
  for (const [, name, value] of rest.matchAll(/([a-z_]+)="([^"]*)"/gi)) {
    parameters[name.toLowerCase()] = value;
  }
  return { scheme: scheme.toLowerCase(), parameters };
}
