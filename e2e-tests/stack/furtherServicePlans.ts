import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { addressOf, names } from './names.ts';
import type { Ports, ServicePlan } from './servicePlans.ts';

/** Database of Rekor v1, made and dropped by the stack. */
const database = 'cloudythings_stack';

/** The keys that the S3 server of every stack accepts. */
export const s3Credentials = {
  region: 'us-east-1',
  accessKeyId: 'stack',
  secretAccessKey: 'stack-secret',
};

/**
 * What the whole stack has besides the core: a second registry, which has no
 * referrers API, and an S3 server with versioning and Object Lock.
 *
 * @param dir - folder where they keep what they store
 */
export function storePlans(dir: string, ports: Ports): ServicePlan[] {
  const file = (name: string) => path.join(dir, name);
  const config = {
    version: '0.1',
    log: { level: 'warn' },
    storage: { inmemory: {} },
    http: { addr: `127.0.0.1:${ports.distribution}` },
  };
  // JSON is YAML.
  writeFileSync(file('distribution.yml'), JSON.stringify(config));
  const [objects, versions] = [file('s3'), file('s3-versions')];
  for (const folder of [objects, versions]) mkdirSync(folder);
  return [
    {
      tool: 'distribution',
      as: addressOf('distribution'),
      ready: `http://127.0.0.1:${ports.distribution}/v2/`,
      args: ['serve', file('distribution.yml')],
    },
    {
      tool: 'versitygw',
      as: addressOf('s3'),
      ready: `http://127.0.0.1:${ports.s3}/health`,
      args: [
        `--port=127.0.0.1:${ports.s3}`,
        `--access=${s3Credentials.accessKeyId}`,
        `--secret=${s3Credentials.secretAccessKey}`,
        `--region=${s3Credentials.region}`,
        '--health=/health',
        '--quiet',
        'posix',
        `--versioning-dir=${versions}`,
        objects,
      ],
    },
  ];
}

/**
 * Rekor v1 over Trillian over MySQL or MariaDB, with its search index.
 *
 * @param mysql - the database server, as Go's driver names it
 */
export function rekorV1Plans(
  dir: string,
  ports: Ports,
  mysql: string,
): ServicePlan[] {
  const attestations = path.join(dir, 'attestations');
  mkdirSync(attestations);
  return [
    {
      tool: 'trillian',
      as: database,
      ready: `http://127.0.0.1:${ports.trillianHealth}/`,
      args: [
        `--address=127.0.0.1:${ports.trillian}`,
        `--health-address=127.0.0.1:${ports.trillianHealth}`,
        `--mysql=${mysql}`,
        `--database=${database}`,
      ],
    },
    {
      tool: 'rekor-v1',
      as: addressOf('rekorV1'),
      ready: `http://127.0.0.1:${ports.rekorV1}/api/v1/log`,
      // Attestations are moved into their folder from the one for such files.
      env: { TMPDIR: attestations },
      args: [
        'serve',
        '--trillian_log_server.address=127.0.0.1',
        `--trillian_log_server.port=${ports.trillian}`,
        '--rekor_server.address=127.0.0.1',
        `--port=${ports.rekorV1}`,
        `--rekor_server.hostname=${names.rekorV1}`,
        `--rekor_server.signer=${path.join(dir, 'rekor-v1.key')}`,
        '--search_index.storage_provider=mysql',
        `--search_index.mysql.dsn=${mysql.replace(/\/[^/]*$/, '')}/${database}`,
        '--enable_attestation_storage',
        `--attestation_storage_bucket=file://${attestations}`,
      ],
    },
  ];
}
