import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import {
  TrustMaterial,
  Verifier,
  toSignedEntity,
  toTrustMaterial,
} from '@sigstore/verify';
import { VerificationProfile } from '../../trustedRoot';

/** Whom the library found to have signed. */
export type StockSigner = { identity?: string; issuer?: string };

/** `@sigstore/verify` as it comes, with nothing of ours in it. */
export class Stock {
  readonly #trust: TrustMaterial;
  readonly #profile: VerificationProfile;

  /** Uses the trusted root and the thresholds of a profile. */
  constructor(profile: VerificationProfile) {
    this.#profile = profile;
    const { json } = profile.material.source;
    this.#trust = toTrustMaterial(TrustedRoot.fromJSON(json));
  }

  /** @throws whatever the library throws for evidence that does not hold */
  verify(bytes: Uint8Array, artifact: Buffer): StockSigner {
    const { thresholds } = this.#profile;
    const json = JSON.parse(Buffer.from(bytes).toString('utf8'));
    const entity = toSignedEntity(bundleFromJSON(json), artifact);
    const { identity } = new Verifier(this.#trust, {
      tlogThreshold: thresholds.transparencyLog,
      ctlogThreshold: thresholds.certificateTransparency,
      timestampThreshold: thresholds.timestamps,
    }).verify(entity);
    return {
      identity: identity?.subjectAlternativeName,
      issuer: identity?.extensions?.issuer,
    };
  }
}
