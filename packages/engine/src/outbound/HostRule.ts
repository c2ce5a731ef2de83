/**
 * A host that an administrator allows.
 *
 * @public
 */
export type HostRule = {
  /** Exact host, with its port if that is not 443, as references write it. */
  host: string;
  /** Where it is really reached: a base URL whose path is put in front. */
  endpoint?: string;
  /** Permits private and loopback addresses; link-local ones never are. */
  allowPrivateAddress?: boolean;
  /** Sent to this host alone, and to the token host the service is known for. */
  credentials?: { username: string; password: string };
  /** Instead of what holds for this host by default. */
  budget?: HostBudget;
};

/**
 * How many requests a host is sent.
 *
 * @public
 */
export type HostBudget = {
  requestsAtATime?: number;
  requestsPerSecond?: number;
};

/**
 * What a registry is asked with: a name and a password, a token that is sent as
 * it is, or an identity token that tokens are got for.
 *
 * @public
 */
export type Credentials =
  | { username: string; password: string }
  | { token: string }
  | { identityToken: string };

/**
 * Credentials of exactly one host, named as references name it.
 *
 * @public
 */
export type HostCredentials = { host: string; credentials: Credentials };
