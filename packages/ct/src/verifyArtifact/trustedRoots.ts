import {
  Thresholds,
  TrustedRootError,
  VerificationProfile,
  loadTrustedRoot,
  offeredThresholds,
  publicGoodTrustedRoot,
} from '@cloudythings/sigstore-engine';
import { UsageError } from '../UsageError';
import { VerifyFlags } from './flags';
import { TrustFileAccess, readTrustFile } from './readTrustFiles';

/** The public Sigstore instance, as this version of `ct` carries it. */
export const PUBLIC_GOOD = 'public-good';

/** Where a root is from that needs no file. */
export const BUILT_IN = 'built in';

/** Under this name signer flags speak of a root that was given without one. */
export const UNNAMED_ROOT = 'given';

const NAMED = /^([A-Za-z0-9][A-Za-z0-9_-]*)=(.+)$/s;

/** A trusted root that verification can use, and where it is from. */
export type RootSource = { name: string; from: string; json: unknown };

const THRESHOLD =
  /^(?:([A-Za-z0-9][A-Za-z0-9_-]*)\.)?(transparencyLog|certificateTransparency|timestamps)=(\d{1,2})$/;

/**
 * Reads the roots that are given, in the form `FILE` or `NAME=FILE`.
 *
 * @throws UsageError
 */
export function readTrustedRoots(
  given: string[],
  access: TrustFileAccess,
): RootSource[] {
  const roots = given.map(text => {
    const [, name = UNNAMED_ROOT, path = text] = NAMED.exec(text) ?? [];
    const json = parse(path, readTrustFile('--trusted-root', path, access));
    return { name, from: path, json };
  });
  const names = roots.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new UsageError(
      `--trusted-root is given twice under the name "${twice}". Roots are never merged; give each a name of its own, as --trusted-root NAME=FILE.`,
    );
  }
  return roots;
}

/** The root that needs no file. */
export function publicGood(): RootSource {
  return { name: PUBLIC_GOOD, from: BUILT_IN, json: publicGoodTrustedRoot() };
}

/**
 * Makes profiles of roots: with the keys that evidence may be signed with, and
 * asking for one proof of each kind that a root offers unless it was said
 * otherwise.
 *
 * @param keys - public keys by the name of the root whose logs they use
 * @throws UsageError
 */
export function makeProfiles(
  roots: RootSource[],
  keys: (name: string) => string[],
  { threshold, allowDemoRoot = false }: VerifyFlags,
): VerificationProfile[] {
  const given = readThresholds(threshold, roots);
  return roots.map(({ name, json }) => {
    try {
      return loadTrustedRoot({
        name,
        json,
        thresholds: { ...offeredThresholds(json), ...given.get(name) },
        keys: keys(name),
        allowDemoRoot,
      });
    } catch (error) {
      if (error instanceof TrustedRootError) {
        throw new UsageError(error.message);
      }
      throw error;
    }
  });
}

/** A name can be left out where there is one root only. */
function readThresholds(
  given: string[],
  roots: RootSource[],
): Map<string, Partial<Thresholds>> {
  const thresholds = new Map<string, Partial<Thresholds>>();
  given.forEach(text => {
    const [, name = roots[0].name, kind, count] = THRESHOLD.exec(text) ?? [];
    if (kind === undefined) {
      throw new UsageError(
        `--threshold ${text} is not a threshold. Write NAME.KIND=NUMBER with the name of a trusted root and one of transparencyLog, certificateTransparency, timestamps.`,
      );
    }
    const isKnown = roots.some(root => root.name === name);
    if (!isKnown || (roots.length > 1 && !text.includes('.'))) {
      throw new UsageError(
        `--threshold ${text} does not say of which trusted root. Write NAME.KIND=NUMBER with one of: ${roots
          .map(root => root.name)
          .join(', ')}.`,
      );
    }
    const before = thresholds.get(name);
    if (before && kind in before) {
      throw new UsageError(
        `--threshold ${text} was said before. Give each kind of proof once for each trusted root.`,
      );
    }
    thresholds.set(name, { ...before, [kind]: Number(count) });
  });
  return thresholds;
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(
      `--trusted-root ${path} is not JSON. It should be a trusted_root.json as TUF or "cosign trusted-root create" gives it.`,
    );
  }
}
