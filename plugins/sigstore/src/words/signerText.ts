import {
  ExpectedSigner,
  Signer,
  signerWords,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { shortDigest } from '../ui/shortDigest';
import { Translate } from './translate';

type Named = Pick<Signer, 'issuer' | 'identity'> &
  Partial<Pick<Signer, 'identityType'>>;

/**
 * Says a signer in words. A public key has no name of its own: it goes by the
 * one that a rule gives it.
 *
 * @param expected - what the rules expect, where a key may be named
 */
export function signerText(
  signer: Named,
  expected: readonly ExpectedSigner[],
  t: Translate,
): string {
  return isKey(signer)
    ? keyText(signer.identity, keyName(signer, expected), t)
    : signerWords(signer);
}

/** Whether a public key signed, without a certificate. */
export function isKey(signer: Named): boolean {
  return signer.identityType === 'public-key';
}

/** The name that a rule gives a key; undefined where none does. */
export function keyName(
  { identity }: Named,
  expected: readonly ExpectedSigner[],
): string | undefined {
  return expected.find(one => one.key && one.identity === identity)?.authority;
}

/** A key in words, by its name where it has one. */
export function keyText(
  identity: string,
  name: string | undefined,
  t: Translate,
): string {
  const digest = shortDigest(identity);
  return name === undefined
    ? t('words.key.unnamed', { digest })
    : t('words.key.named', { name, digest });
}
