import { Exchange, ReadBody } from './Exchange';
import { HostTable } from './HostTable';
import { identityOf, NOBODY } from './identityOf';
import { OutboundError } from './OutboundError';
import { basicAuthorization, RegistryTokens } from './registryTokens';
import { assertHarmless, OutboundOptions, withoutUndefined } from './requests';
import { errorOfStatus } from './responses';

const MAX_REDIRECTS = 5;

/**
 * Reads what lies at a URL, wherever its host leads: after redirects to hosts
 * that are allowed, and with a token where the host asks for one. What
 * identifies us stays behind when the origin changes. Throws `OutboundError`
 * for everything but a complete answer with status 200.
 */
export async function readThrough<T>(
  url: string,
  options: OutboundOptions,
  means: {
    hosts: HostTable;
    tokens: RegistryTokens;
    exchange: Exchange;
    timeoutMs: number;
  },
  read: ReadBody<T>,
): Promise<T> {
  const { hosts, tokens, exchange, timeoutMs } = means;
  const { repositoryScope, accept, signal } = options;
  const start = hosts.locate(url);
  let current = start;
  let mayBeAsked =
    repositoryScope !== undefined && options.authorization === undefined;
  let own = assertHarmless(options.headers);
  let identity = identityOf(start.host, options.authorization);
  let authorization =
    options.authorization ??
    (repositoryScope === undefined
      ? basicAuthorization(start.host)
      : tokens.known(start.host, repositoryScope));

  for (let step = 0; step <= MAX_REDIRECTS; step++) {
    const answer = await exchange.ask(
      current,
      {
        method: 'GET',
        headers: withoutUndefined({ ...own, accept, authorization }),
      },
      { timeoutMs, signal, identity, idempotent: true },
      read,
    );
    if ('value' in answer) return answer.value;
    if ('location' in answer) {
      const next = hosts.follow(current, answer.location, 'redirect');
      if (next.url.origin !== current.url.origin) {
        authorization = undefined;
        identity = NOBODY;
        own = {};
      }
      current = next;
      continue;
    }
    // Only the host that was asked may ask back, and only once.
    if (mayBeAsked && current.host === start.host) {
      mayBeAsked = false;
      const { challenge } = answer;
      const scope = repositoryScope ?? '';
      const met = await tokens.answer(current, challenge, scope, signal);
      if (met) {
        authorization = met;
        continue;
      }
    }
    throw errorOfStatus(401, current.host.name);
  }
  throw new OutboundError(
    'unreachable',
    start.host.name,
    `did not answer: it redirects more than ${MAX_REDIRECTS} times`,
  );
}
