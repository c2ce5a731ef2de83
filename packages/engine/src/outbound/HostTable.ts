import { Credentials, HostBudget, HostCredentials, HostRule } from './HostRule';
import { OutboundError } from './OutboundError';
import { WELL_KNOWN_HOSTS, WellKnownHost, hostName } from './wellKnownHosts';

/** A host that may be contacted, and where it may lead. */
export type AllowedHost = {
  name: string;
  endpoint?: URL;
  allowPrivateAddress: boolean;
  credentials?: Credentials;
  tokenHosts: string[];
  blobHosts: (string | RegExp)[];
  budget?: HostBudget;
};

/** An allowed host together with the URL that is really requested there. */
export type Destination = { host: AllowedHost; url: URL };

/**
 * Decides which URLs may be requested at all, and where they are reached.
 */
export class HostTable {
  readonly #configured = new Map<string, AllowedHost>();
  readonly #wellKnown: WellKnownHost[];
  readonly #credentials = new Map<string, Credentials>();

  /**
   * Throws `Error` that names the rule when a rule cannot be used.
   */
  constructor(rules: HostRule[], includeWellKnownHosts: boolean) {
    this.#wellKnown = includeWellKnownHosts ? [...WELL_KNOWN_HOSTS] : [];
    for (const rule of rules) {
      const allowed = this.#fromRule(rule);
      if (this.#configured.has(allowed.name)) {
        throw new Error(`host ${rule.host} is configured twice`);
      }
      this.#configured.set(allowed.name, allowed);
    }
  }

  /**
   * The same hosts, some of which are asked with credentials. None is allowed
   * thereby that was not before.
   */
  withCredentials(list: readonly HostCredentials[]): HostTable {
    const table = new HostTable([], false);
    table.#wellKnown.push(...this.#wellKnown);
    this.#configured.forEach((host, name) => table.#configured.set(name, host));
    for (const { host, credentials } of list) {
      table.#credentials.set(hostName(host), credentials);
    }
    return table;
  }

  /**
   * Finds where a URL out of a reference is reached. Throws `OutboundError`
   * (`host-not-allowed`).
   */
  locate(text: string): Destination {
    const url = new URL(text);
    const host = this.#find(url.host);
    if (!host) throw notAllowed(url.host);
    return this.#destination(host, url);
  }

  /**
   * Finds where an answer leads: a redirect, or the realm it asks to get a
   * token from. Another host than the one that answered must be allowed in its
   * own right, or be known as the token or blob host of that service; a host
   * in a private network is never reached by way of a public one. Throws
   * `OutboundError` (`host-not-allowed`, `unreachable`).
   */
  follow(
    from: Destination,
    target: string,
    reason: 'redirect' | 'token',
  ): Destination {
    const url = URL.parse(target, from.url);
    if (!url) {
      const words = `answered with a ${reason} address that is no URL`;
      throw new OutboundError('unreachable', from.host.name, words);
    }
    if (url.username || url.password) throw notAllowed(url.host, from);
    if (url.origin === from.url.origin) return { host: from.host, url };

    const known =
      reason === 'token' ? from.host.tokenHosts : from.host.blobHosts;
    const host =
      this.#find(url.host) ??
      (known.some(pattern => matches(pattern, url.host))
        ? plainHost(url.host)
        : undefined);
    if (!host) throw notAllowed(url.host, from);
    if (host.allowPrivateAddress && !from.host.allowPrivateAddress) {
      throw notAllowed(url.host, from);
    }
    return this.#destination(host, url, from);
  }

  #destination(host: AllowedHost, url: URL, from?: Destination): Destination {
    if (url.protocol !== 'https:') throw notAllowed(url.host, from);
    if (!host.endpoint) return { host, url };
    const mirrored = new URL(host.endpoint);
    mirrored.pathname = mirrored.pathname.replace(/\/$/, '') + url.pathname;
    mirrored.search = url.search;
    return { host, url: mirrored };
  }

  #find(host: string): AllowedHost | undefined {
    const name = hostName(host);
    const known = this.#configured.get(name) ?? this.#findWellKnown(name);
    const credentials = this.#credentials.get(name);
    return known && credentials ? { ...known, credentials } : known;
  }

  #findWellKnown(name: string): AllowedHost | undefined {
    const known = this.#wellKnown.find(entry => matches(entry.host, name));
    return known && fromWellKnown(name, known);
  }

  #fromRule(rule: HostRule): AllowedHost {
    const url = URL.parse(`https://${rule.host}`);
    if (!url || url.pathname !== '/' || url.username || url.search) {
      throw new Error(`host "${rule.host}" is not a host name`);
    }
    const name = hostName(url.host);
    const known = this.#wellKnown.find(({ host }) => matches(host, name));
    const base = known ? fromWellKnown(name, known) : plainHost(name);
    const allowed: AllowedHost = {
      ...base,
      allowPrivateAddress: rule.allowPrivateAddress ?? false,
      credentials: rule.credentials,
      budget: { ...base.budget, ...rule.budget },
    };
    if (rule.endpoint === undefined) return allowed;
    const endpoint = URL.parse(rule.endpoint);
    if (!endpoint || !/^https?:$/.test(endpoint.protocol) || endpoint.search) {
      throw new Error(
        `endpoint "${rule.endpoint}" of host ${rule.host} is not an http(s) base URL`,
      );
    }
    if (endpoint.username || endpoint.password) {
      throw new Error(
        `endpoint of host ${rule.host} carries credentials; write them as credentials`,
      );
    }
    // What the service itself uses does not hold for a mirror of it.
    const { budget } = rule;
    return { ...allowed, endpoint, tokenHosts: [], blobHosts: [], budget };
  }
}

function plainHost(name: string): AllowedHost {
  return { name, allowPrivateAddress: false, tokenHosts: [], blobHosts: [] };
}

function fromWellKnown(name: string, known: WellKnownHost): AllowedHost {
  return {
    ...plainHost(name),
    ...(known.endpoint ? { endpoint: new URL(known.endpoint) } : {}),
    tokenHosts: known.tokenHosts ?? [],
    blobHosts: known.blobHosts ?? [],
    ...(known.budget ? { budget: known.budget } : {}),
  };
}

function matches(pattern: string | RegExp, host: string): boolean {
  return typeof pattern === 'string' ? pattern === host : pattern.test(host);
}

function notAllowed(host: string, from?: Destination): OutboundError {
  const words = from
    ? `is not on the list of allowed hosts, and ${from.host.name} leads there`
    : 'is not on the list of allowed hosts';
  return new OutboundError('host-not-allowed', host, words);
}
