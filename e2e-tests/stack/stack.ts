import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fulcioConfig } from './fulcioConfig.ts';
import { type Front, type Route, startFront } from './front.ts';
import { addressOf, ctLogPrefix, names, organization } from './names.ts';
import { type Service, freePorts, startService } from './service.ts';
import { keySet, newIssuerKey } from './tokens.ts';
import { buildTools, toolPath } from './tools.ts';

/** A running Sigstore instance on loopback. */
export interface Stack {
  /** keys, certificates, logs and storage */
  dir: string;
  /** environment in which a program reaches the stack by its real names */
  env: Record<string, string>;
  /** addresses of the services without the proxy, for clients of our own */
  loopback: {
    fulcio: string;
    rekor: string;
    timestamp: string;
    registry: string;
  };
  /** private key of the issuers, PEM */
  issuerKey: string;
  /** process IDs, by name */
  processes: Record<string, number>;
  stop(): Promise<void>;
}

/**
 * Builds what is missing and starts Fulcio with a certificate log, Rekor v2, a
 * timestamp authority, an OCI registry and the identity issuers, all on loopback
 * and reachable under the names of `names.ts` through a proxy.
 *
 * @param dir - folder for the instance; wiped before it starts and when it stops
 * @param report - called with a line whenever something is built or ready
 * @throws when a build or a service fails; nothing keeps running then
 */
export async function start(
  dir: string,
  report: (line: string) => void,
): Promise<Stack> {
  await buildTools(report);
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true, mode: 0o700 });
  makeAuthorities(dir);
  const issuerKey = newIssuerKey();
  await writeFile(path.join(dir, 'issuer.key'), issuerKey, { mode: 0o600 });

  const services: Service[] = [];
  let front: Front | undefined;
  const stop = async () => {
    await Promise.all(services.map(service => service.stop()));
    await front?.close();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const ports = await choosePorts();
    front = await startFront(routes(ports, issuerKey), {
      key: await readFile(path.join(dir, 'tls.key'), 'utf8'),
      cert: await readFile(path.join(dir, 'tls.pem'), 'utf8'),
    });
    const env = {
      HTTPS_PROXY: `http://127.0.0.1:${front.port}`,
      SSL_CERT_FILE: path.join(dir, 'tls-root.pem'),
    };
    for (const plan of plans(dir, ports)) {
      services.push(
        await startService(plan.tool, plan.args, { ...plan, logs: dir, env }),
      );
      report(`ready: ${plan.tool} as ${plan.as}`);
    }
    return {
      dir,
      env,
      loopback: {
        fulcio: `http://127.0.0.1:${ports.fulcio}`,
        rekor: `http://127.0.0.1:${ports.rekor}`,
        timestamp: `http://127.0.0.1:${ports.tsa}`,
        registry: `http://127.0.0.1:${ports.registry}`,
      },
      issuerKey,
      processes: Object.fromEntries(
        services.map(({ name, pid }) => [name, pid]),
      ),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Ports = Awaited<ReturnType<typeof choosePorts>>;

async function choosePorts() {
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
  ] = await freePorts(9);
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
  };
}

function makeAuthorities(dir: string): void {
  execFileSync(toolPath('authorities'), [
    `--out=${dir}`,
    `--organization=${organization}`,
    `--tls-names=${Object.values(names).join(',')}`,
  ]);
}

function routes(ports: Ports, issuerKey: string): Record<string, Route> {
  const issuer = (address: string): Route => ({
    documents: {
      '/.well-known/openid-configuration': {
        issuer: address,
        jwks_uri: `${address}/.well-known/jwks`,
        response_types_supported: ['id_token'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      },
      '/.well-known/jwks': keySet(issuerKey),
    },
  });
  return {
    [names.workflowIssuer]: issuer(addressOf('workflowIssuer')),
    [names.personIssuer]: issuer(addressOf('personIssuer')),
    [names.fulcio]: { port: ports.fulcio },
    [names.ctLog]: { port: ports.ct },
    [names.rekor]: { port: ports.rekor },
    [names.timestamp]: { port: ports.tsa },
    [names.registry]: { port: ports.registry },
  };
}

function plans(dir: string, ports: Ports) {
  const file = (name: string) => path.join(dir, name);
  return [
    {
      tool: 'ct-log' as const,
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
      tool: 'fulcio' as const,
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
      tool: 'rekor' as const,
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
      tool: 'timestamp-server' as const,
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
      tool: 'registry' as const,
      as: addressOf('registry'),
      ready: `http://127.0.0.1:${ports.registry}/v2/`,
      args: [`--address=127.0.0.1:${ports.registry}`],
    },
  ];
}
