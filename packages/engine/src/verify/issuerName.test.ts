import { ASN1Obj } from '@sigstore/core';
import { issuerName } from './issuerName';
import { SigningCertificate } from './signingCertificate';
import { CachedCertificate } from './trustMaterial';
import { loadTrustedRoot } from './trustedRoot';
import { publicGoodTrustedRoot } from './publicGood';
import { MockInstance, newKeys } from './__testUtils__/MockInstance';

describe('the name of the authority that issued a certificate', () => {
  const INTEGER = 0x02;
  const OCTET_STRING = 0x04;
  let instance: MockInstance;
  let der: Buffer;

  beforeAll(async () => {
    instance = await MockInstance.create();
    der = await instance.certificate(newKeys('prime256v1').publicKey);
  });

  const nameUnder = (json: unknown, certificate: Buffer) =>
    issuerName(
      { parsed: CachedCertificate.parse(certificate) } as SigningCertificate,
      loadTrustedRoot({ name: 'a root', json }),
    );

  /** One that has its names, and that Node does not read. */
  const unreadable = () => {
    const [, serialNumber] = CachedCertificate.parse(der).tbsCertificate.subs;
    const at = der.indexOf(serialNumber.toDER());
    const changed = Buffer.from(der);
    expect(changed[at]).toBe(INTEGER);
    changed[at] = OCTET_STRING;
    expect(() => ASN1Obj.parseBuffer(changed)).not.toThrow();
    return changed;
  };

  it('is the same whether the root knows the authority or not', () => {
    expect(nameUnder(instance.trustedRoot(), der)).toBe(
      'CN=sigstore, O=sigstore.mock',
    );
    expect(nameUnder(publicGoodTrustedRoot(), der)).toBe(
      'CN=sigstore, O=sigstore.mock',
    );
  });

  it('is that of the root where the certificate cannot be read', () => {
    expect(nameUnder(instance.trustedRoot(), unreadable())).toBe(
      'CN=sigstore, O=sigstore.mock',
    );
  });

  it('cannot be told where neither knows it', () => {
    expect(() => nameUnder(publicGoodTrustedRoot(), unreadable())).toThrow(
      expect.objectContaining({
        finding: {
          code: 'certificate-invalid',
          detail:
            'the name of the authority in the signing certificate cannot be read',
        },
      }),
    );
  });
});
