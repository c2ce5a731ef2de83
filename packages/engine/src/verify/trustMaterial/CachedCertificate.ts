import { KeyObject } from 'crypto';
import { ASN1Obj, X509Certificate, crypto } from '@sigstore/core';
import { ReadIdentifier, UnchangedObject, encodingOf } from './encodedObjects';

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
  #encoding?: Buffer;
  #signedPart?: Buffer;
  #publicKey?: Buffer;
  #key?: KeyObject;
  #notBefore?: Date;
  #notAfter?: Date;

  constructor(root: ASN1Obj) {
    super(root);
    for (const { subs } of this.extensions) {
      if (subs.length > 0) subs[0] = ReadIdentifier.of(subs[0]);
    }
  }

  static parse(der: Buffer | string): CachedCertificate {
    return new CachedCertificate(super.parse(der).root);
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

  verify(issuerCertificate?: X509Certificate): boolean {
    const issuer = issuerCertificate ?? this;
    const known = this.#signedBy.get(issuer);
    if (known !== undefined) return known;
    this.#signedPart ??= encodingOf(this.tbsCertificate);
    const signed = crypto.verify(
      this.#signedPart,
      keyOf(issuer),
      this.signatureValue,
      this.signatureAlgorithm,
    );
    this.#signedBy.set(issuer, signed);
    return signed;
  }

  equals(other: X509Certificate): boolean {
    return this === other || this.#encoded().equals(encodingOfAny(other));
  }

  /** A copy for the library to take the certificate's log proofs out of. */
  clone(): X509Certificate {
    const { root, tbsCertificate: tbs } = this;
    const parts = tbs.subs.map(part =>
      part.tag.isContextSpecific(EXTENSIONS)
        ? new ASN1Obj(part.tag, part.value, part.subs.map(copyOfList))
        : UnchangedObject.of(part),
    );
    const [, ...others] = root.subs;
    return new X509Certificate(
      new ASN1Obj(root.tag, root.value, [
        new ASN1Obj(tbs.tag, tbs.value, parts),
        ...others.map(UnchangedObject.of),
      ]),
    );
  }

  #encoded(): Buffer {
    this.#encoding ??= encodingOf(this.root);
    return this.#encoding;
  }

  static encodingOf(certificate: CachedCertificate): Buffer {
    return certificate.#encoded();
  }
}

function encodingOfAny(certificate: X509Certificate): Buffer {
  return certificate instanceof CachedCertificate
    ? CachedCertificate.encodingOf(certificate)
    : certificate.root.toDER();
}

function keyOf(certificate: X509Certificate): KeyObject {
  return certificate instanceof CachedCertificate
    ? certificate.key
    : crypto.createPublicKey(certificate.publicKey);
}

function copyOfList({ tag, value, subs }: ASN1Obj): ASN1Obj {
  return new ASN1Obj(tag, value, subs.map(UnchangedObject.of));
}
