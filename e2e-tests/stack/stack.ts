import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { type Front, startFront } from './front.ts';
import { names, organization } from './names.ts';
import { routes } from './routes.ts';
import { type Service, startService } from './service.ts';
import { choosePorts, servicePlans } from './servicePlans.ts';
import { newIssuerKey } from './tokens.ts';
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
  await requireMetricsPort();
  await rm(dir, { recursive: true, force: true });

  const services: Service[] = [];
  let front: Front | undefined;
  const stop = async () => {
    await Promise.all(services.map(service => service.stop()));
    await front?.close();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    makeAuthorities(dir);
    const issuerKey = newIssuerKey();
    await writeFile(path.join(dir, 'issuer.key'), issuerKey, { mode: 0o600 });
    const ports = await choosePorts();
    front = await startFront(routes(ports, issuerKey), {
      key: await readFile(path.join(dir, 'tls.key'), 'utf8'),
      cert: await readFile(path.join(dir, 'tls.pem'), 'utf8'),
    });
    const env = {
      HTTPS_PROXY: `http://127.0.0.1:${front.port}`,
      SSL_CERT_FILE: path.join(dir, 'tls-root.pem'),
    };
    for (const plan of servicePlans(dir, ports)) {
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

function makeAuthorities(dir: string): void {
  execFileSync(toolPath('authorities'), [
    `--out=${dir}`,
    `--organization=${organization}`,
    `--tls-names=${Object.values(names).join(',')}`,
  ]);
}

/**
 * The timestamp authority serves its metrics on a port of its own choice, so
 * there can be one stack at a time.
 */
async function requireMetricsPort(): Promise<void> {
  const server = net.createServer().listen(2112);
  try {
    await once(server, 'listening');
  } catch {
    throw new Error(
      'Port 2112 is taken, perhaps by another stack. The timestamp authority needs it for its metrics.',
    );
  }
  await once(server.close(), 'close');
}
