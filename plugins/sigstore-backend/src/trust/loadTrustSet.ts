import {
  Distrust,
  TrustPolicy,
} from '@cloudythings/backstage-plugin-sigstore-common';
import {
  ENGINE_REVISION,
  PolicyWarning,
  VerificationProfile,
  keysOf,
  loadTrustPolicies,
  loadTrustedRoot,
} from '@cloudythings/sigstore-engine';
import { SigstoreConfig } from '../config';
import { hash } from '../store/identifiers';
import { TrustRecord } from '../store/trustGenerations';
import { TrustedRootStore, readRootJson } from './readRootJson';
import { readPolicyFiles } from './readPolicyFiles';

/** Everything that decides a verdict besides evidence, ready to be used. */
export type TrustSet = {
  profiles: VerificationProfile[];
  policies: TrustPolicy[];
  distrusts: Distrust[];
  /** What can be used, and is probably not what was meant. */
  warnings: PolicyWarning[];
  /** The same in the form that is recorded. */
  record: TrustRecord;
};

/**
 * Reads policies and trusted roots from where the configuration says. Keys that
 * policies name count under the trusted root that they name for them.
 *
 * @param stored - what was fetched of trusted roots that follow a repository
 * @param now - what dates in policies are compared with, for their warnings
 * @throws InputError, TrustedRootError or TrustPolicyError, naming the key or
 * file and the remedy
 */
export async function loadTrustSet(
  config: Pick<SigstoreConfig, 'trustedRoots' | 'policyFiles'>,
  stored: TrustedRootStore,
  now: Date,
): Promise<TrustSet> {
  const files = await readPolicyFiles(config.policyFiles);
  const {
    policies,
    distrusts,
    warnings,
    digest: policiesDigest,
  } = loadTrustPolicies(files, {
    trustedRoots: config.trustedRoots.map(({ name }) => name),
    now,
  });
  const loaded = await Promise.all(
    config.trustedRoots.map(async root => {
      const { name, thresholds, demo } = root;
      const { json, from } = await readRootJson(root, stored);
      const keys = keysOf([...policies, ...distrusts], name);
      const input = { name, json, thresholds, keys, allowDemoRoot: demo };
      return { profile: loadTrustedRoot(input), from };
    }),
  );
  const identity = loaded.map(({ profile: { name, digest, thresholds } }) => ({
    name,
    digest,
    thresholds,
  }));
  return {
    profiles: loaded.map(({ profile }) => profile),
    policies,
    distrusts,
    warnings,
    record: {
      digest: hash([policiesDigest, identity, ENGINE_REVISION]),
      policiesDigest,
      policies: files,
      documents: [...policies, ...distrusts],
      // Replicas may read the same root from different places.
      trustedRoots: identity.map((root, index) => ({
        ...root,
        from: loaded[index].from,
      })),
      engineRevision: ENGINE_REVISION,
      warnings: warnings.length,
    },
  };
}
