import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { Cosign } from '../record/cosign.ts';
import { writeTrustedRoot } from '../record/trustMaterial.ts';
import { databaseAnswers, databaseServer } from './database.ts';
import { type FileServer, serveFiles } from './files.ts';
import { type Front, startFront } from './front.ts';
import { rekorV1Plans, storePlans } from './furtherServicePlans.ts';
import { type LogName, addressOf, names, organization } from './names.ts';
import { routes } from './routes.ts';
import { type Service, startService } from './service.ts';
import { choosePorts, servicePlans } from './servicePlans.ts';
import { newIssuerKey } from './tokens.ts';
import { type Extent, buildTools, toolPath } from './tools.ts';
import { writeTufRepository } from './tufRepository.ts';

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
    rekorV1: string;
    distribution: string;
    s3: string;
    tuf: string;
  };
  /** the logs it has */
  logs: LogName[];
  /** private key of the issuers, PEM */
  issuerKey: string;
  /** process IDs, by name */
  processes: Record<string, number>;
  stop(): Promise<void>;
}

/**
 * Builds what is missing and starts Fulcio with a certificate log, Rekor v2, a
 * timestamp authority, an OCI registry and the identity issuers, all on loopback
 * and reachable under the names of `names.ts` through a proxy. The whole stack
 * also has a registry without the referrers API, an S3 server, a TUF repository
 * with the trusted root, and Rekor v1 where there is a database for it.
 *
 * @param dir - folder for the instance; wiped before it starts and when it stops
 * @param extent - what is needed of it
 * @param report - called with a line whenever something is built or ready
 * @throws when a build or a service fails; nothing keeps running then
 */
export async function start(
  dir: string,
  extent: Extent,
  report: (line: string) => void,
): Promise<Stack> {
  await buildTools(extent, report);
  await requireMetricsPort();
  await rm(dir, { recursive: true, force: true });

  const services: Service[] = [];
  let front: Front | undefined;
  let files: FileServer | undefined;
  const stop = async () => {
    // What was started last needs what was started before it.
    for (const service of [...services].reverse()) await service.stop();
    await files?.close();
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
    const plans = servicePlans(dir, ports);
    const logs: LogName[] = ['rekor'];
    if (extent === 'whole') {
      plans.push(...storePlans(dir, ports));
      if (await databaseAnswers()) {
        plans.push(...rekorV1Plans(dir, ports, databaseServer));
        logs.push('rekorV1');
      }
    }
    for (const plan of plans) {
      const options = { ...plan, logs: dir, env: { ...env, ...plan.env } };
      services.push(await startService(plan.tool, plan.args, options));
      report(`ready: ${plan.tool} as ${plan.as}`);
    }
    if (extent === 'whole') {
      if (!logs.includes('rekorV1'))
        report('absent: rekor-v1, because no database answers');
      await publishTrust(dir, logs);
      files = await serveFiles(path.join(dir, 'tuf'), ports.tuf);
      report(`ready: TUF repository as ${addressOf('tuf')}`);
    }
    return {
      dir,
      env,
      loopback: {
        fulcio: `http://127.0.0.1:${ports.fulcio}`,
        rekor: `http://127.0.0.1:${ports.rekor}`,
        timestamp: `http://127.0.0.1:${ports.tsa}`,
        registry: `http://127.0.0.1:${ports.registry}`,
        rekorV1: `http://127.0.0.1:${ports.rekorV1}`,
        distribution: `http://127.0.0.1:${ports.distribution}`,
        s3: `http://127.0.0.1:${ports.s3}`,
        tuf: `http://127.0.0.1:${ports.tuf}`,
      },
      logs,
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

/** Writes the trusted root of the stack, and the TUF repository that serves it. */
async function publishTrust(dir: string, logs: LogName[]): Promise<void> {
  const cosign = await Cosign.create();
  try {
    const file = path.join(dir, 'trusted_root.json');
    await writeTrustedRoot(cosign, dir, file, logs);
    writeTufRepository(path.join(dir, 'tuf'), {
      'trusted_root.json': await readFile(file, 'utf8'),
    });
  } finally {
    await cosign.dispose();
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
