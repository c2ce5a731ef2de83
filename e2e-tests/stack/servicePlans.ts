import path from 'node:path';
import { fulcioConfig } from './fulcioConfig.ts';
import { addressOf, ctLogPrefix, names } from './names.ts';
import { freePorts } from './service.ts';
import type { Tool } from './tools.ts';

/** A port for everything in the stack that listens and lets us choose. */
export type Ports = Awaited<ReturnType<typeof choosePorts>>;

/** Finds free ports for a stack. */
export async function choosePorts() {
  const [
    fulcio,
    fulcioGrpc,
    fulcioMetrics,
    ct,
    rekor,
    rekorGrpc,
    rekorMetrics,
    tsa,
    registry,
    trillian,
    trillianHealth,
    rekorV1,
    distribution,
    s3,
    tuf,
  ] = await freePorts(15);
  return {
    fulcio,
    fulcioGrpc,
    fulcioMetrics,
    ct,
    rekor,
    rekorGrpc,
    rekorMetrics,
    tsa,
    registry,
    trillian,
    trillianHealth,
    rekorV1,
    distribution,
    s3,
    tuf,
  };
}

/** How a service is started, and what shows that it is ready. */
export interface ServicePlan {
  tool: Tool;
  /** the name it is reached by */
  as: string;
  /** address that answers once it is ready */
  ready: string;
  args: string[];
  env?: Record<string, string>;
}

/**
 * How the services of a stack are started, in an order in which each finds what
 * it needs.
 *
 * @param dir - folder with keys and certificates, where they keep what they store
 */
export function servicePlans(dir: string, ports: Ports): ServicePlan[] {
  const file = (name: string) => path.join(dir, name);
  return [
    {
      tool: 'ct-log',
      as: `${addressOf('ctLog')}/${ctLogPrefix}`,
      ready: `http://127.0.0.1:${ports.ct}/${ctLogPrefix}/ct/v1/get-sth`,
      args: [
        `--address=127.0.0.1:${ports.ct}`,
        `--prefix=${ctLogPrefix}`,
        `--key=${file('ct-log.key')}`,
        `--roots=${file('fulcio-root.pem')}`,
      ],
    },
    {
      tool: 'fulcio',
      as: addressOf('fulcio'),
      ready: `http://127.0.0.1:${ports.fulcio}/api/v2/trustBundle`,
      args: [
        'serve',
        '--host=127.0.0.1',
        `--port=${ports.fulcio}`,
        '--grpc-host=127.0.0.1',
        `--grpc-port=${ports.fulcioGrpc}`,
        `--metrics-port=${ports.fulcioMetrics}`,
        `--legacy-unix-domain-socket=${file('fulcio.sock')}`,
        '--ca=fileca',
        `--fileca-cert=${file('fulcio-chain.pem')}`,
        `--fileca-key=${file('fulcio.key')}`,
        // The key is not encrypted, but Fulcio wants to be told a password.
        '--fileca-key-passwd=none',
        '--fileca-watch=false',
        `--ct-log-url=${addressOf('ctLog')}/${ctLogPrefix}`,
        `--ct-log-public-key-path=${file('ct-log.pub')}`,
        `--config-path=${fulcioConfig(dir)}`,
      ],
    },
    {
      tool: 'rekor',
      as: addressOf('rekor'),
      ready: `http://127.0.0.1:${ports.rekor}/healthz`,
      args: [
        'serve',
        '--http-address=127.0.0.1',
        `--http-port=${ports.rekor}`,
        '--grpc-address=127.0.0.1',
        `--grpc-port=${ports.rekorGrpc}`,
        `--http-metrics-port=${ports.rekorMetrics}`,
        `--hostname=${names.rekor}`,
        `--storage-dir=${file('log')}`,
        `--signer-filepath=${file('rekor.key')}`,
        '--checkpoint-interval=1s',
      ],
    },
    {
      tool: 'timestamp-server',
      as: addressOf('timestamp'),
      ready: `http://127.0.0.1:${ports.tsa}/ping`,
      args: [
        'serve',
        '--host=127.0.0.1',
        `--port=${ports.tsa}`,
        '--timestamp-signer=file',
        `--file-signer-key-path=${file('timestamp.key')}`,
        `--certificate-chain-path=${file('timestamp-chain.pem')}`,
        '--disable-ntp-monitoring',
      ],
    },
    {
      tool: 'registry',
      as: addressOf('registry'),
      ready: `http://127.0.0.1:${ports.registry}/v2/`,
      args: [`--address=127.0.0.1:${ports.registry}`],
    },
  ];
}
