import { OutboundClient } from '@cloudythings/sigstore-engine';
import { z } from 'zod/v4';

const MAX_BYTES = 64 * 1024;
const TIMEOUT_MS = 30_000;

/** What Argo CD says of an application it knows not: gRPC's NOT_FOUND. */
const notFoundSchema = z.object({ code: z.literal(5) });

/**
 * Whether it is Argo CD that says 404, and not a proxy before it that has nowhere
 * to send the question to.
 *
 * @throws OutboundError when there is no answer
 */
export async function saysNotFound(
  url: string,
  ports: { outbound: OutboundClient; token?: string; signal: AbortSignal },
): Promise<boolean> {
  const { token, signal } = ports;
  const { status, body } = await ports.outbound.send(url, {
    method: 'GET',
    headers: {
      accept: 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    maxBytes: MAX_BYTES,
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return (
    status === 404 &&
    notFoundSchema.safeParse(parsed(Buffer.concat(chunks))).success
  );
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
