import { setTimeout as delay } from 'node:timers/promises';
import type { Stack } from '../stack/stack.ts';
import { attachBundle } from './bundleReferrer.ts';
import {
  type CertifiedKey,
  certifiedKey,
  signImage,
  signaturePredicate,
} from './lateSignature.ts';
import { type OciRepository, digestOf } from './ociClient.ts';
import type { Signer } from './organization.ts';
import { tokenOf } from './signing.ts';

/**
 * Makes the signatures that come after their certificate's end. Fulcio's
 * certificates last ten minutes, and nothing here pretends otherwise: the
 * certificate is asked for early and the signing waits until it is over.
 */
export class LateSigner {
  readonly #stack: Stack;
  readonly #waiting: {
    repository: OciRepository;
    tag: string;
    signer: CertifiedKey;
  }[] = [];

  constructor(stack: Stack) {
    this.#stack = stack;
  }

  /** Gets the certificate for an image that will be signed later. */
  async certify(
    repository: OciRepository,
    tag: string,
    by: Signer,
  ): Promise<void> {
    const token = tokenOf(this.#stack.issuerKey, by);
    const signer = await certifiedKey(this.#stack.loopback, token);
    this.#waiting.push({ repository, tag, signer });
  }

  /** Waits for the certificates' end, then signs. */
  async signAll(report: (line: string) => void): Promise<void> {
    for (const { repository, tag, signer } of this.#waiting) {
      const end = new Date(signer.certificate.validTo).getTime() + 2_000;
      report(
        `waiting until ${new Date(
          end,
        ).toISOString()} for a certificate to be over`,
      );
      while (Date.now() < end)
        await delay(Math.min(1_000, Math.max(1, end - Date.now())));
      const digest = digestOf(await repository.manifest(tag));
      const bundle = await signImage(this.#stack.loopback, signer, digest);
      await attachBundle(repository, tag, bundle, signaturePredicate);
    }
  }
}
