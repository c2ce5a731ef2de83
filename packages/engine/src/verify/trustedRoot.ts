import { X509Certificate, createHash } from 'crypto';
import {
  X509Certificate as LibraryCertificate,
  json as canonicalJson,
} from '@sigstore/core';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { TrustMaterial, toTrustMaterial } from '@sigstore/verify';
import { TrustedKey, readTrustedKeys } from './trustedKeys';
import { cachedTrustMaterial } from './trustMaterial';

/**
 * How much of each kind of proof evidence must carry. Belongs to a trusted
 * root, never to what a bundle happens to contain.
 *
 * @public
 */
export type Thresholds = {
  /** Entries in distinct transparency logs. */
  transparencyLog: number;
  /** Signed certificate timestamps of distinct certificate logs. */
  certificateTransparency: number;
  /**
   * Times attested by distinct authorities or logs. Evidence with a certificate
   * needs one even where this is 0.
   */
  timestamps: number;
};

/**
 * One trusted root with its thresholds and keys, ready to verify with. `digest`
 * names it in canonical form; `material` is for the verification alone.
 *
 * @public
 */
export type VerificationProfile = {
  name: string;
  digest: string;
  thresholds: Thresholds;
  /** @internal */
  material: ProfileMaterial;
};

/**
 * What a verification profile is made from: plain data, that can be stored or
 * handed to another thread.
 *
 * @public
 */
export type TrustedRootInput = {
  /** Under which policies refer to it. */
  name: string;
  /** A `trusted_root.json`, parsed. */
  json: unknown;
  /** 1 each where not given. */
  thresholds?: Partial<Thresholds>;
  /** Public keys in PEM form whose signatures count under this root. */
  keys?: readonly string[];
  allowDemoRoot?: boolean;
};

/** @internal */
export type ProfileMaterial = {
  trust: TrustMaterial;
  root: TrustedRoot;
  keys: readonly TrustedKey[];
  /** What the profile was made from, so that another thread can make it again. */
  source: TrustedRootInput;
};

/**
 * A trusted root that must not be used; the message names it and the remedy.
 *
 * @public
 */
export class TrustedRootError extends Error {
  constructor(name: string, problem: string, remedy: string) {
    super(`Trusted root "${name}": ${problem}. ${remedy}.`);
    this.name = 'TrustedRootError';
  }
}

/** Organization by which a certificate of the demo is recognised. */
const DEMO_ORGANIZATION = 'Acme Demo World';

const MEDIA_TYPES = [
  'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
  'application/vnd.dev.sigstore.trustedroot+json;version=0.2',
  'application/vnd.dev.sigstore.trustedroot.v0.1+json',
  'application/vnd.dev.sigstore.trustedroot.v0.2+json',
];

/**
 * Makes a verification profile of a `trusted_root.json` (Sigstore's
 * TrustedRoot message) and of the keys that count beside its authorities.
 *
 * @throws TrustedRootError when it or a key cannot be read, when a log in it
 *   has no start of validity, when its thresholds cannot be met, or when it
 *   belongs to the demo and `allowDemoRoot` is not set
 * @public
 */
export function loadTrustedRoot(input: TrustedRootInput): VerificationProfile {
  const { name } = input;
  const keys = readKeys(name, input.keys);
  const { root, trust } = parse(name, input.json, keys.length > 0);
  requireStartOfValidity(name, root);
  if (!input.allowDemoRoot && isDemoRoot(root, trust)) {
    throw new TrustedRootError(
      name,
      `it belongs to the demo (organization "${DEMO_ORGANIZATION}"), whose signatures mean nothing elsewhere`,
      'Configure the trusted root of your own Sigstore instance or of the public one',
    );
  }
  const thresholds = readThresholds(name, root, input.thresholds);
  const canonical = canonicalJson.canonicalize({
    name,
    thresholds,
    root: TrustedRoot.toJSON(root),
    keys: keys.map(key => key.digest),
  });
  const digest = createHash('sha256').update(canonical).digest('hex');
  return {
    name,
    digest: `sha256:${digest}`,
    thresholds,
    material: { root, trust, keys, source: input },
  };
}

function readKeys(name: string, pems: readonly string[] = []): TrustedKey[] {
  try {
    return readTrustedKeys(pems);
  } catch (error) {
    throw new TrustedRootError(
      name,
      `${error instanceof Error ? error.message : error}`,
      'Write public keys in PEM form: EC P-256, P-384 or P-521, RSA of at least 2048 bits, or Ed25519',
    );
  }
}

/** Where keys sign, a root without certificate authorities is one, too. */
function parse(
  name: string,
  json: unknown,
  hasKeys: boolean,
): Pick<ProfileMaterial, 'root' | 'trust'> {
  try {
    const root = TrustedRoot.fromJSON(json);
    if (!MEDIA_TYPES.includes(root.mediaType)) {
      throw new Error(`its media type is "${root.mediaType}"`);
    }
    if (root.certificateAuthorities.length === 0 && !hasKeys) {
      throw new Error('it names no certificate authority, and no key is given');
    }
    return { root, trust: cachedTrustMaterial(toTrustMaterial(root)) };
  } catch (error) {
    throw new TrustedRootError(
      name,
      `it cannot be read (${error instanceof Error ? error.message : error})`,
      'Use a trusted_root.json as published by a Sigstore instance',
    );
  }
}

function requireStartOfValidity(name: string, root: TrustedRoot) {
  for (const log of [...root.tlogs, ...root.ctlogs]) {
    if (!log.publicKey?.validFor?.start) {
      throw new TrustedRootError(
        name,
        `the log ${log.baseUrl || '(without URL)'} has no start of validity`,
        'Add publicKey.validFor.start to this log',
      );
    }
  }
}

/** By what the root says of an authority, and by the certificates themselves. */
function isDemoRoot(root: TrustedRoot, trust: TrustMaterial): boolean {
  const kinds = ['certificateAuthorities', 'timestampAuthorities'] as const;
  return kinds.some(
    kind =>
      root[kind].some(
        ({ subject }) => subject?.organization === DEMO_ORGANIZATION,
      ) || trust[kind].some(({ certChain }) => certChain.some(isOfDemo)),
  );
}

function isOfDemo(certificate: LibraryCertificate): boolean {
  const { subject, issuer } = new X509Certificate(certificate.root.toDER());
  return `${subject}\n${issuer}`.split('\n').includes(`O=${DEMO_ORGANIZATION}`);
}

function readThresholds(
  name: string,
  root: TrustedRoot,
  given: Partial<Thresholds> = {},
): Thresholds {
  const thresholds: Thresholds = {
    transparencyLog: given.transparencyLog ?? 1,
    certificateTransparency: given.certificateTransparency ?? 1,
    timestamps: given.timestamps ?? 1,
  };
  for (const [key, value] of Object.entries(thresholds)) {
    if (!Number.isInteger(value) || value < 0) {
      throw new TrustedRootError(
        name,
        `the threshold ${key} is ${value}`,
        'Write a whole number that is not negative',
      );
    }
  }
  const available: Thresholds = {
    transparencyLog: root.tlogs.length,
    certificateTransparency: root.ctlogs.length,
    timestamps: root.timestampAuthorities.length + root.tlogs.length,
  };
  for (const key of Object.keys(thresholds) as (keyof Thresholds)[]) {
    if (thresholds[key] > available[key]) {
      throw new TrustedRootError(
        name,
        `the threshold ${key} is ${thresholds[key]}, but it names only ${available[key]} that could count`,
        `Lower the threshold ${key} knowingly, or complete the trusted root`,
      );
    }
  }
  return thresholds;
}
