import { Config, readDurationFromConfig } from '@backstage/config';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import { HostRule } from '@cloudythings/sigstore-engine';
import { isAbsolute, resolve } from 'node:path';
import { TrustedRootConfig, readTrustedRoots } from './trust/trustedRootConfig';

/** Everything under the key `sigstore`, with defaults filled in. */
export type SigstoreConfig = {
  trustedRoots: TrustedRootConfig[];
  /** Absolute paths of files and folders. */
  policyFiles: string[];
  hosts: HostRule[];
  fileRoots: string[];
  /** owner/name on github.com by entity reference. */
  repositories: ReadonlyMap<string, string>;
  schedule: {
    discoveryMs: number;
    recheckMs: number;
    retryMs: number;
    trustedRootsMs: number;
  };
  flow: { enabled: boolean; concurrency: number };
};

const MINUTE = 60_000;
const REPOSITORY = /^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/;

/**
 * Reads the configuration of the plugin.
 *
 * @param config - the root configuration
 * @param workingDirectory - what relative paths are relative to
 * @throws InputError that names the key and the remedy
 */
export function readSigstoreConfig(
  config: Config,
  workingDirectory: string = process.cwd(),
): SigstoreConfig {
  const root = config.getOptionalConfig('sigstore');
  const paths = (key: string) =>
    (root?.getOptionalStringArray(key) ?? []).map(path =>
      resolve(workingDirectory, path),
    );
  return {
    trustedRoots: readTrustedRoots(root, workingDirectory),
    policyFiles: paths('policies.files'),
    hosts: (root?.getOptionalConfigArray('hosts') ?? []).map(readHost),
    fileRoots: readFileRoots(root),
    repositories: readRepositories(root),
    schedule: {
      discoveryMs: readDuration(root, 'schedule.discovery', 5 * MINUTE),
      recheckMs: readDuration(root, 'schedule.recheck', 6 * 60 * MINUTE),
      retryMs: readDuration(root, 'schedule.retry', 5 * MINUTE),
      trustedRootsMs: readDuration(root, 'schedule.trustedRoots', 60 * MINUTE),
    },
    flow: {
      enabled: root?.getOptionalBoolean('flow.enabled') ?? true,
      concurrency: readConcurrency(root),
    },
  };
}

function readHost(config: Config, index: number): HostRule {
  const key = `sigstore.hosts[${index}]`;
  const host = config.getString('host');
  if (/[/@\s]/.test(host)) {
    throw new InputError(
      `${key}.host: "${host}" is not a host; write it as references name it, such as registry.example.com:5000`,
    );
  }
  const endpoint = config.getOptionalString('endpoint');
  if (endpoint !== undefined && !/^https?:\/\/[^/@\s]+/.test(endpoint)) {
    throw new InputError(
      `${key}.endpoint: "${endpoint}" is not an http or https URL without credentials`,
    );
  }
  if (config.has('credentials')) {
    throw new InputError(
      `${key}.credentials is not read: credentials serve the entities they are meant for. Write them under sigstore.credentials, with the references they are for`,
    );
  }
  return {
    host,
    ...(endpoint ? { endpoint } : {}),
    ...(config.getOptionalBoolean('allowPrivateAddress')
      ? { allowPrivateAddress: true }
      : {}),
    ...readBudget(config, key),
  };
}

function readBudget(config: Config, key: string): Pick<HostRule, 'budget'> {
  const names = ['requestsAtATime', 'requestsPerSecond'] as const;
  const given = names.flatMap(name => {
    const most = config.getOptionalNumber(name);
    if (most === undefined) return [];
    if (!Number.isInteger(most) || most < 1 || most > 1000) {
      throw new InputError(
        `${key}.${name}: ${most} is not a whole number from 1 to 1000`,
      );
    }
    return [[name, most]];
  });
  return given.length > 0 ? { budget: Object.fromEntries(given) } : {};
}

function readFileRoots(root: Config | undefined): string[] {
  const folders = root?.getOptionalStringArray('fileRoots') ?? [];
  folders.forEach((folder, index) => {
    if (!isAbsolute(folder)) {
      throw new InputError(
        `sigstore.fileRoots[${index}]: "${folder}" is not an absolute folder; write it from the root on, since file: references are absolute too`,
      );
    }
  });
  return folders;
}

function readRepositories(root: Config | undefined): Map<string, string> {
  const repositories = new Map<string, string>();
  const configs = root?.getOptionalConfigArray('repositories') ?? [];
  configs.forEach((item, index) => {
    const key = `sigstore.repositories[${index}]`;
    const entity = item.getString('entity');
    const repository = item.getString('repository');
    if (!REPOSITORY.test(repository)) {
      throw new InputError(
        `${key}.repository: "${repository}" is not a repository on github.com; write owner/name`,
      );
    }
    let entityRef: string;
    try {
      entityRef = stringifyEntityRef(parseEntityRef(entity));
    } catch {
      throw new InputError(
        `${key}.entity: "${entity}" is not an entity reference; write it as component:default/name`,
      );
    }
    repositories.set(entityRef, repository);
  });
  return repositories;
}

function readDuration(
  root: Config | undefined,
  key: string,
  defaultMs: number,
): number {
  if (!root?.has(key)) return defaultMs;
  const duration = durationToMilliseconds(
    readDurationFromConfig(root, { key }),
  );
  if (!(duration >= 1000)) {
    throw new InputError(
      `sigstore.${key} is shorter than a second; write it as { minutes: 5 } or 5m`,
    );
  }
  return duration;
}

function readConcurrency(root: Config | undefined): number {
  const concurrency = root?.getOptionalNumber('flow.concurrency') ?? 4;
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 64) {
    throw new InputError(
      `sigstore.flow.concurrency: ${concurrency} is not a whole number from 1 to 64`,
    );
  }
  return concurrency;
}
