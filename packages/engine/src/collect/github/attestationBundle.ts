import { OutboundClient, OutboundError } from '../../outbound';
import { CAPS } from '../caps';
import { decodeSnappy, snappyLength } from './decodeSnappy';
import { AttestationRecord } from './githubAnswers';

/** What reading the bundle of an attestation takes. */
export type BundlePorts = {
  outbound: OutboundClient;
  signal?: AbortSignal;
  bundleHosts: readonly string[];
  /** Takes bytes from what may be read, or throws. */
  reserve: (bytes: number) => void;
};

/**
 * Reads the bundle of an attestation: where it lies apart, from there, for that
 * is what GitHub goes over to, else out of the record itself. Its address is an
 * answer's, so only hosts that are known to keep bundles are asked, without
 * credentials, and what is compressed is measured before it is decoded.
 *
 * @throws OutboundError
 */
export async function attestationBundle(
  { bundle, bundleUrl }: AttestationRecord,
  ports: BundlePorts,
): Promise<Buffer> {
  if (bundleUrl) {
    try {
      return await fetchBundle(bundleUrl, ports);
    } catch (error) {
      if (!bundle) throw error;
    }
  }
  const bytes = Buffer.from(JSON.stringify(bundle ?? {}), 'utf8');
  ports.reserve(bytes.length);
  return bytes;
}

async function fetchBundle(text: string, ports: BundlePorts): Promise<Buffer> {
  const { outbound, signal, bundleHosts, reserve } = ports;
  const url = URL.parse(text);
  if (!url || url.protocol !== 'https:' || url.username || url.password) {
    const words = 'gives an address of a bundle that is no https URL';
    throw new OutboundError('unreachable', 'GitHub', words);
  }
  const { host } = url;
  if (!bundleHosts.includes(host)) {
    const words = 'is not known to keep bundles of GitHub’s';
    throw new OutboundError('host-not-allowed', host, words);
  }
  const maxBytes = CAPS.documentBytes;
  const { body } = await outbound.get(url.href, { maxBytes, signal });
  const isPlain = url.pathname.endsWith('.json');
  reserve(isPlain ? body.length : snappyLength(body)?.length ?? 0);
  try {
    const bytes = isPlain ? body : decodeSnappy(body, maxBytes);
    // What stands between may answer with a page of its own; that says nothing
    // about the attestation.
    JSON.parse(bytes.toString('utf8'));
    return bytes;
  } catch (cause) {
    const failure = cause instanceof RangeError ? 'over-cap' : 'unreachable';
    const words = 'gave a bundle that cannot be read';
    const reason = cause instanceof SyntaxError ? 'it is not JSON' : undefined;
    throw new OutboundError(
      failure,
      host,
      `${words}: ${reason ?? (cause as Error).message}`,
      { cause },
    );
  }
}
