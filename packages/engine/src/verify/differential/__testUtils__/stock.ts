import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import {
  TrustMaterial,
  Verifier,
  toSignedEntity,
  toTrustMaterial,
} from '@sigstore/verify';
import { toTrustedKey } from '../../trustedKeys';
import { VerificationProfile } from '../../trustedRoot';

/** Whom the library found to have signed. */
export type StockSigner = { identity?: string; issuer?: string };

/** `@sigstore/verify` as it comes, with nothing of ours in it. */
export class Stock {
  readonly #trust: TrustMaterial;
  readonly #profile: VerificationProfile;

  /** Uses the trusted root, the one key and the thresholds of a profile. */
  constructor(profile: VerificationProfile) {
    this.#profile = profile;
    const { keys, source } = profile.material;
    // Which of several keys a hint names is for whoever asks the library to say.
    const finder = (): ReturnType<TrustMaterial['publicKey']> => ({
      publicKey: keys[0].key,
      validFor: () => true,
    });
    this.#trust = toTrustMaterial(TrustedRoot.fromJSON(source.json), finder);
  }

  /** @throws whatever the library throws for evidence that does not hold */
  verify(bytes: Uint8Array, artifact: Buffer): StockSigner {
    const { thresholds } = this.#profile;
    const json = JSON.parse(Buffer.from(bytes).toString('utf8'));
    const entity = toSignedEntity(bundleFromJSON(json), artifact);
    const { identity, key } = new Verifier(this.#trust, {
      tlogThreshold: thresholds.transparencyLog,
      ctlogThreshold: thresholds.certificateTransparency,
      timestampThreshold: thresholds.timestamps,
    }).verify(entity);
    if (!identity) return { identity: toTrustedKey(key).digest, issuer: '' };
    return {
      identity: identity.subjectAlternativeName,
      issuer: identity.extensions?.issuer,
    };
  }
}
