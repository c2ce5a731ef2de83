import { KeyObject, X509Certificate as NodeCertificate } from 'crypto';
import { ASN1Obj, X509Certificate, crypto } from '@sigstore/core';
import { ChangeableObject } from './ReadObject';
import { readDer } from './readDer';

/** Context-specific tag of the extensions, RFC 5280 §4.1. */
const EXTENSIONS = 3;

/**
 * The library's certificate, with what it computes anew at each question
 * computed once for each object: encodings, dates, keys, and whether another
 * certificate's key signed it. An authority's object lives as long as the
 * trusted root it belongs to, a signer's as long as one verification; so only
 * what authorities signed for each other outlives a verification.
 */
export class CachedCertificate extends X509Certificate {
  readonly #signedBy = new WeakMap<X509Certificate, boolean>();
  #publicKey?: Buffer;
  #key?: KeyObject;
  #notBefore?: Date;
  #notAfter?: Date;
  #names?: { subject: string; issuer: string };

  /** @throws Error when it is not the DER of a certificate */
  static parse(der: Buffer): CachedCertificate {
    return new CachedCertificate(readDer(der));
  }

  get publicKey(): Buffer {
    this.#publicKey ??= super.publicKey;
    return this.#publicKey;
  }

  /** The public key, ready for use. */
  get key(): KeyObject {
    this.#key ??= crypto.createPublicKey(this.publicKey);
    return this.#key;
  }

  get notBefore(): Date {
    this.#notBefore ??= super.notBefore;
    return this.#notBefore;
  }

  get notAfter(): Date {
    this.#notAfter ??= super.notAfter;
    return this.#notAfter;
  }

  /**
   * Whose it is and who issued it, in words.
   *
   * @throws Error when Node cannot read it
   */
  get names(): { subject: string; issuer: string } {
    if (!this.#names) {
      const { subject, issuer } = new NodeCertificate(this.root.toDER());
      this.#names = { subject, issuer };
    }
    return this.#names;
  }

  verify(issuerCertificate?: X509Certificate): boolean {
    const issuer = issuerCertificate ?? this;
    const known = this.#signedBy.get(issuer);
    if (known !== undefined) return known;
    const signed = crypto.verify(
      this.tbsCertificate.toDER(),
      keyOf(issuer),
      this.signatureValue,
      this.signatureAlgorithm,
    );
    this.#signedBy.set(issuer, signed);
    return signed;
  }

  equals(other: X509Certificate): boolean {
    return this === other || super.equals(other);
  }

  /** A copy for the library to take the proofs of certificate logs out of. */
  clone(): X509Certificate {
    const { root, tbsCertificate: signed } = this;
    const [, ...signature] = root.subs;
    const parts = signed.subs.map(part =>
      part.tag.isContextSpecific(EXTENSIONS)
        ? changeable(
            part,
            part.subs.map(list => changeable(list)),
          )
        : part,
    );
    return new X509Certificate(
      changeable(root, [changeable(signed, parts), ...signature]),
    );
  }
}

function keyOf(certificate: X509Certificate): KeyObject {
  return certificate instanceof CachedCertificate
    ? certificate.key
    : crypto.createPublicKey(certificate.publicKey);
}

function changeable({ tag, value, subs }: ASN1Obj, children = [...subs]) {
  return new ChangeableObject(tag, value, children);
}
