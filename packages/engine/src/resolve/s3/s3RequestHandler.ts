import { HttpHandlerOptions, HttpRequest, HttpResponse } from '@smithy/types';
import { Readable } from 'node:stream';
import { OutboundClient, OutboundError } from '../../outbound';

/** Everything but the content of objects: settings of objects, and errors. */
const MAX_DOCUMENT_BYTES = 64 * 1024;

/**
 * Sends what the AWS SDK wants to send through the outbound client, so that no
 * request of the SDK goes around its rules. Redirects come back as they are;
 * the SDK is told not to follow them.
 *
 * @param maxObjectBytes - of the content of an object
 */
export function s3RequestHandler(
  outbound: OutboundClient,
  maxObjectBytes: number,
) {
  return {
    handle: async (
      request: HttpRequest,
      { abortSignal }: HttpHandlerOptions = {},
    ): Promise<{ response: HttpResponse }> => {
      const signal = abortSignal as AbortSignal | undefined;
      const response =
        request.method === 'POST'
          ? await exchangeToken(outbound, request, signal)
          : await read(outbound, request, maxObjectBytes, signal);
      return { response };
    },
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
    destroy: () => {},
  };
}

async function read(
  outbound: OutboundClient,
  request: HttpRequest,
  maxObjectBytes: number,
  signal: AbortSignal | undefined,
): Promise<HttpResponse> {
  const { method, headers, query } = request;
  if (method !== 'GET' && method !== 'HEAD') {
    throw new Error(`objects are only read, not ${method}`);
  }
  const isContent = query?.['x-id'] === 'GetObject';
  const answer = await outbound.send(urlOf(request), {
    method,
    headers,
    maxBytes: isContent ? maxObjectBytes : MAX_DOCUMENT_BYTES,
    signal,
  });
  const { status } = answer;
  const body =
    isContent && status === 200
      ? answer.body
      : Readable.from([await document(answer.body)]);
  return { statusCode: status, headers: answer.headers, body };
}

/**
 * The SDK reads errors whole before it looks at them. What is too long to be
 * one is left out; the status says enough.
 */
async function document(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_DOCUMENT_BYTES) return Buffer.alloc(0);
      chunks.push(chunk);
    }
  } catch (error) {
    if ((error as OutboundError).failure !== 'over-cap') throw error;
    return Buffer.alloc(0);
  }
  return Buffer.concat(chunks);
}

/** Only asks for credentials, and may be asked again. */
async function exchangeToken(
  outbound: OutboundClient,
  request: HttpRequest,
  signal: AbortSignal | undefined,
): Promise<HttpResponse> {
  const { body } = request;
  if (typeof body !== 'string' && !Buffer.isBuffer(body)) {
    throw new OutboundError(
      'unsupported',
      request.hostname,
      'would be sent a stream, which only reading clients do not do',
    );
  }
  const answer = await outbound.post(urlOf(request), {
    body,
    contentType: request.headers['content-type'] ?? '',
    maxBytes: MAX_DOCUMENT_BYTES,
    idempotent: true,
    signal,
  });
  return {
    statusCode: answer.status,
    headers: answer.headers,
    body: Readable.from([answer.body]),
  };
}

function urlOf({ hostname, port, path, query }: HttpRequest): string {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) =>
    [value].flat().map(one => [name, one] as const),
  );
  const search = pairs
    .map(([name, value]) =>
      value === null || value === undefined
        ? escaped(name)
        : `${escaped(name)}=${escaped(value)}`,
    )
    .join('&');
  const host = port === undefined ? hostname : `${hostname}:${port}`;
  // Which hosts are reached without TLS is for the rules of the outbound
  // client to say.
  return `https://${host}${path}${search ? `?${search}` : ''}`;
}

/** As the signature over the request has it (RFC 3986). */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
