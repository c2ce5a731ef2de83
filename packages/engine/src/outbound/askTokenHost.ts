import { Exchange, readDocument } from './Exchange';
import { identityOf } from './identityOf';
import { failedAs, OutboundError } from './OutboundError';
import { AskTokenHost } from './registryTokens';
import { withoutUndefined } from './requests';
import { errorOfStatus } from './responses';

const MAX_TOKEN_BYTES = 64 * 1024;

/** Makes the way in which token hosts are asked. */
export function askTokenHost(
  exchange: Exchange,
  timeoutMs: number,
): AskTokenHost {
  return async (destination, { authorization, form, signal }) => {
    const host = destination.host.name;
    const identity = identityOf(
      {},
      authorization ?? form?.get('refresh_token') ?? undefined,
    );
    const answer = await exchange
      .ask(
        destination,
        {
          method: form ? 'POST' : 'GET',
          ...(form ? { body: form.toString() } : {}),
          headers: withoutUndefined({
            authorization,
            'content-type': form && 'application/x-www-form-urlencoded',
          }),
        },
        { timeoutMs, signal, identity, idempotent: true },
        readDocument(MAX_TOKEN_BYTES),
      )
      .catch(error => {
        // That there is no token says nothing about what was asked for.
        if (!failedAs(error, 'not-found')) throw error;
        const { status } = error;
        const words = `gave no token (status ${status})`;
        throw new OutboundError('refused', host, words, { status });
      });
    if ('value' in answer) return answer.value.body;
    throw errorOfStatus('challenge' in answer ? 401 : 302, host);
  };
}
