import { InputError } from '@backstage/errors';
import { TrustPolicy } from '@cloudythings/backstage-plugin-sigstore-common';
import {
  ENGINE_REVISION,
  PolicyFile,
  VerificationProfile,
  loadTrustPolicies,
  loadTrustedRoot,
  publicGoodTrustedRoot,
} from '@cloudythings/sigstore-engine';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SigstoreConfig, TrustedRootConfig } from '../config';
import { hash } from '../store/identifiers';
import { TrustRecord } from '../store/trustGenerations';

/** Everything that decides a verdict besides evidence, ready to be used. */
export type TrustSet = {
  profiles: VerificationProfile[];
  policies: TrustPolicy[];
  /** The same in the form that is recorded. */
  record: TrustRecord;
};

/**
 * Reads policies and trusted roots from where the configuration says.
 *
 * @throws InputError, TrustedRootError or TrustPolicyError, naming the key or
 * file and the remedy
 */
export async function loadTrustSet(
  config: Pick<SigstoreConfig, 'trustedRoots' | 'policyFiles'>,
): Promise<TrustSet> {
  const profiles = await Promise.all(config.trustedRoots.map(loadProfile));
  const files = (
    await Promise.all(config.policyFiles.map(readPolicies))
  ).flat();
  const { policies, digest: policiesDigest } = loadTrustPolicies(files, {
    trustedRoots: profiles.map(profile => profile.name),
  });
  const trustedRoots = profiles.map(({ name, digest, thresholds }) => ({
    name,
    digest,
    thresholds,
  }));
  return {
    profiles,
    policies,
    record: {
      digest: hash([policiesDigest, trustedRoots, ENGINE_REVISION]),
      policiesDigest,
      policies: files,
      trustedRoots,
      engineRevision: ENGINE_REVISION,
    },
  };
}

async function loadProfile(
  root: TrustedRootConfig,
): Promise<VerificationProfile> {
  return loadTrustedRoot({
    name: root.name,
    json: root.file
      ? await readTrustedRoot(root.name, root.file)
      : publicGoodTrustedRoot(),
    thresholds: root.thresholds,
    allowDemoRoot: root.demo,
  });
}

async function readTrustedRoot(name: string, file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(error => {
    throw new InputError(
      `sigstore.trustedRoots: the file of "${name}" cannot be read; check that ${file} exists and that the backend may read it`,
      error,
    );
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(
      `sigstore.trustedRoots: ${file} of "${name}" is not JSON; it should be a trusted_root.json as TUF or "cosign trusted-root create" gives it`,
      error,
    );
  }
}

async function readPolicies(path: string): Promise<PolicyFile[]> {
  const unreadable = (error: unknown) => {
    throw new InputError(
      `sigstore.policies.files: ${path} cannot be read; check that it exists and that the backend may read it`,
      error as Error,
    );
  };
  const isFolder = (await stat(path).catch(unreadable)).isDirectory();
  const names = isFolder
    ? (await readdir(path).catch(unreadable))
        .filter(name => /^[^.].*\.ya?ml$/.test(name))
        .sort()
    : [];
  const paths = isFolder ? names.map(name => join(path, name)) : [path];
  return Promise.all(
    paths.map(async file => ({
      path: file,
      text: await readFile(file, 'utf8').catch(unreadable),
    })),
  );
}
