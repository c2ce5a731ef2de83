import { lookup as dnsLookup, LookupAddress } from 'node:dns';
import { isIP, LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { classifyAddress } from './addresses';

/** The name resolved to an address that this host may not have. */
export class AddressNotAllowedError extends Error {
  constructor() {
    super('address not allowed');
    this.name = 'AddressNotAllowedError';
  }
}

/**
 * Makes a pool of connections that only ever reach permitted addresses. The
 * check is made on what the name resolves to and again on the address that the
 * socket is connected to, so that a name which changes its address between two
 * look-ups gains nothing.
 *
 * @param options - `allowPrivateAddress` permits private and loopback
 * addresses; link-local ones stay out of reach
 */
export function createConnections(options: {
  allowPrivateAddress: boolean;
  timeoutMs: number;
}): Agent {
  const { allowPrivateAddress, timeoutMs } = options;
  const isPermitted = (address: string) => {
    const kind = classifyAddress(address);
    return kind === 'public' || (kind === 'private' && allowPrivateAddress);
  };
  const connect = buildConnector({
    timeout: timeoutMs,
    lookup: permittedLookup(isPermitted),
  } as buildConnector.BuildOptions);

  return new Agent({
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: guardConnections(connect, isPermitted),
  });
}

/**
 * Lets a connection be used only if the address it really ended at is
 * permitted.
 */
export function guardConnections(
  connect: buildConnector.connector,
  isPermitted: (address: string) => boolean,
): buildConnector.connector {
  return (target, callback) => {
    // For an address instead of a name no look-up is made.
    const literal = target.hostname.replace(/^\[|\]$/g, '');
    if (isIP(literal) && !isPermitted(literal)) {
      callback(new AddressNotAllowedError(), null);
      return;
    }
    connect(target, (...[error, socket]) => {
      if (error) {
        callback(error, null);
      } else if (!isPermitted(socket?.remoteAddress ?? '')) {
        socket?.destroy();
        callback(new AddressNotAllowedError(), null);
      } else {
        callback(null, socket!);
      }
    });
  };
}

function permittedLookup(
  isPermitted: (address: string) => boolean,
): LookupFunction {
  return (hostname, options, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) {
        callback(error, '', 0);
        return;
      }
      const permitted = (addresses as LookupAddress[]).filter(({ address }) =>
        isPermitted(address),
      );
      if (permitted.length === 0) {
        callback(new AddressNotAllowedError(), '', 0);
      } else if (options.all) {
        callback(null, permitted);
      } else {
        callback(null, permitted[0].address, permitted[0].family);
      }
    });
  };
}
