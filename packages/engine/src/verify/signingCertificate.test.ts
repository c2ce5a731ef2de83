import { Bundle, bundleFromJSON } from '@sigstore/bundle';
import { ASN1Obj, X509Certificate } from '@sigstore/core';
import { FULCIO_EXTENSION_NAMES } from './fulcioExtensions';
import { readSigningCertificate } from './signingCertificate';
import { MockInstance, newKeys } from './__testUtils__/MockInstance';

const SUBJECT_ALT_NAME = '2.5.29.17';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const ISSUER = '1.3.6.1.4.1.57264.1.8';

/** DER of a tag around bytes shorter than 128. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, value.length]), value]);
}

const uri = (text: string) => der(0x86, Buffer.from(text, 'latin1'));
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const USERNAME = oid('2b0601040183bf300107');
const username = (type: Buffer, name: string) =>
  der(0xa0, type, der(0xa0, der(0x0c, Buffer.from(name, 'utf8'))));

describe('readSigningCertificate', () => {
  let instance: MockInstance;
  let issued: Buffer;

  beforeAll(async () => {
    instance = await MockInstance.create();
    issued = await instance.certificate(newKeys('prime256v1').publicKey);
  });

  const read = (certificate: Buffer) => {
    const content = {
      $case: 'certificate',
      certificate: { rawBytes: certificate },
    };
    return readSigningCertificate({
      verificationMaterial: { content },
    } as unknown as Bundle);
  };

  /** The issued certificate, altered; who signed it is not asked here. */
  const withExtension = (id: string, contents: Buffer) => {
    const certificate = X509Certificate.parse(issued);
    const value = certificate.extension(id)?.valueObj as {
      value: Buffer;
      subs: ASN1Obj[];
    };
    value.value = contents;
    value.subs = [];
    return (certificate as unknown as { root: ASN1Obj }).root.toDER();
  };
  const named = (...names: Buffer[]) =>
    withExtension(SUBJECT_ALT_NAME, der(0x30, ...names));

  it.each([
    ['uri', uri('https://mock/x'), 'https://mock/x'],
    ['email', der(0x81, Buffer.from('a@b.example')), 'a@b.example'],
    ['dns', der(0x82, Buffer.from('build.example')), 'build.example'],
    ['ip', der(0x87, Buffer.from([192, 0, 2, 1])), '192.0.2.1'],
    [
      'ip',
      der(0x87, Buffer.from('20010db8000000000000000000000001', 'hex')),
      '2001:0db8:0000:0000:0000:0000:0000:0001',
    ],
    [
      'other-name',
      username(USERNAME, 'jané!acme.example'),
      'jané!acme.example',
    ],
    [
      'other-name',
      username(USERNAME, '\ufeffjane!acme.example'),
      '\ufeffjane!acme.example',
    ],
  ])('trap 9: reads a name of the kind %s', (identityType, name, identity) => {
    expect(read(named(name))).toMatchObject({ identityType, identity });
  });

  it.each([
    ['no name', []],
    ['two names', [uri('https://a'), uri('https://b')]],
    ['an empty name', [uri('')]],
    ['a name that is not ASCII', [uri('https://\u00e1cme')]],
    [
      'a name that is UTF-8 where ASCII belongs',
      [der(0x86, Buffer.from('https://ácme', 'utf8'))],
    ],
    ['a name with a line break', [uri('https://a\nb')]],
    ['a name that is a line break', [uri('\n')]],
    ['a name with the control character DEL', [uri('https://a\x7fb')]],
    ['a name with a NUL', [uri('https://a\0b')]],
    ['an address of odd length', [der(0x87, Buffer.from([1, 2, 3]))]],
    ['a directory name', [der(0xa4, der(0x30))]],
    ['an unknown other name', [username(oid('2b0601'), 'x')]],
    [
      'an other name that is not UTF-8',
      [der(0xa0, USERNAME, der(0xa0, der(0x0c, Buffer.from([0xff]))))],
    ],
  ])('refuses %s', (_, names) => {
    expect(() => read(named(...names))).toThrow(
      expect.objectContaining({
        finding: expect.objectContaining({ code: 'certificate-invalid' }),
      }),
    );
  });

  it('trap 2: decodes every one of Fulcio’s extensions by name', async () => {
    const fulcio = '1.3.6.1.4.1.57264.1';
    const names = [
      'githubWorkflowTrigger',
      'githubWorkflowSHA',
      'githubWorkflowName',
      'githubWorkflowRepository',
      'githubWorkflowRef',
      '',
      '',
      'buildSignerURI',
      'buildSignerDigest',
      'runnerEnvironment',
      'sourceRepositoryURI',
      'sourceRepositoryDigest',
      'sourceRepositoryRef',
      'sourceRepositoryIdentifier',
      'sourceRepositoryOwnerURI',
      'sourceRepositoryOwnerIdentifier',
      'buildConfigURI',
      'buildConfigDigest',
      'buildTrigger',
      'runInvocationURI',
      'sourceRepositoryVisibilityAtSigning',
      'deploymentEnvironment',
      'tokenSubject',
    ].map((name, index) => ({ name, number: index + 2 }));
    const written = names.filter(({ name }) => name !== '');
    const certificate = await instance.certificate(
      newKeys('prime256v1').publicKey,
      'https://mock/x',
      [
        { oid: `${fulcio}.1`, value: 'https://issuer.mock', legacy: true },
        ...written.map(({ name, number }) => ({
          oid: `${fulcio}.${number}`,
          value: `value of ${name}`,
          legacy: number < 7,
        })),
        { oid: '1.2.3.4', value: 'something else' },
      ],
    );
    const { extensions } = read(certificate);
    expect(extensions).toEqual({
      issuer: 'https://issuer.mock',
      ...Object.fromEntries(
        written.map(({ name }) => [name, `value of ${name}`]),
      ),
    });
    expect([...FULCIO_EXTENSION_NAMES].sort()).toEqual(
      Object.keys(extensions).sort(),
    );
  });

  it.each([
    [
      'two issuers',
      { oid: '1.3.6.1.4.1.57264.1.1', value: 'https://other', legacy: true },
    ],
    [
      'an extension twice',
      { oid: '1.3.6.1.4.1.57264.1.8', value: 'https://other' },
    ],
    [
      'raw bytes where text belongs',
      { oid: '1.3.6.1.4.1.57264.1.12', value: 'raw', legacy: true },
    ],
  ])('refuses %s', async (_, extension) => {
    const { publicKey } = newKeys('prime256v1');
    const certificate = await instance.certificate(publicKey, 'https://x', [
      extension,
    ]);
    expect(() => read(certificate)).toThrow(
      expect.objectContaining({
        finding: expect.objectContaining({ code: 'certificate-invalid' }),
      }),
    );
  });

  it.each([
    ['its frame', () => 0, 0x31],
    ['the frame of its signature', (at: number) => at - 2, 0x04],
    ['bits left out of its signature', (at: number) => at, 0x01],
    ['the algorithm of its signature', (at: number) => at - 3, 0x02],
  ])('refuses another form of what is not signed: %s', (_, where, octet) => {
    const { length } = X509Certificate.parse(issued).signatureValue;
    const other = Buffer.from(issued);
    other[where(issued.length - length - 1)] = octet;
    expect(other).not.toEqual(issued);
    expect(() => read(other)).toThrow(/its authority did not sign/);
  });

  it('refuses the certificate of an authority', async () => {
    const authority = Buffer.from('30030101ff', 'hex') as unknown as string;
    const certificate = await instance.certificate(
      newKeys('prime256v1').publicKey,
      'https://mock/x',
      [{ oid: '2.5.29.19', value: authority, legacy: true }],
    );
    expect(() => read(certificate)).toThrow(/one of an authority/);
  });

  it('refuses a certificate that was issued for something else', () => {
    const serverAuthentication = oid('2b06010505070301');
    const certificate = withExtension(
      EXTENDED_KEY_USAGE,
      der(0x30, serverAuthentication),
    );
    expect(() => read(certificate)).toThrow(/not issued for signing code/);
  });

  /** The issued certificate with parts of it moved or changed. */
  const changed = (change: (root: ASN1Obj) => void, certificate = issued) => {
    const { root } = X509Certificate.parse(certificate) as unknown as {
      root: ASN1Obj;
    };
    change(root);
    return root.toDER();
  };
  const withoutExtension = (id: string, certificate = issued) =>
    changed(root => {
      const { subs } = root.subs[0];
      const name = subs[subs.length - 1].subs[0].subs
        .map(extension => extension.subs[0])
        .find(type => type.toOID() === id);
      Object.assign(name ?? {}, { value: Buffer.from('2a0304', 'hex') });
    }, certificate);

  it('refuses a certificate that says nothing of what it was issued for', () => {
    expect(() => read(withoutExtension(EXTENDED_KEY_USAGE))).toThrow(
      /not issued for signing code/,
    );
  });

  it('refuses a certificate without any names', () => {
    expect(() => read(withoutExtension(SUBJECT_ALT_NAME))).toThrow(
      /names 0 identities/,
    );
  });

  it.each([
    ['has no text', () => withExtension(ISSUER, der(0x0c))],
    ['is not there', () => withoutExtension(ISSUER)],
  ])('refuses a certificate whose issuer %s', (_, make) => {
    expect(() => read(make())).toThrow(/which identity provider vouched/);
  });

  it('takes the issuer from its older form where there is no other', async () => {
    const { publicKey } = newKeys('prime256v1');
    const both = await instance.certificate(publicKey, 'https://mock/x', [
      { oid: `${ISSUER.slice(0, -1)}1`, value: 'https://old', legacy: true },
    ]);
    expect(read(withoutExtension(ISSUER, both)).issuer).toBe('https://old');
  });

  it.each([
    ['of another type', 0x04],
    ['of the number of text, but of no universal type', 0x8c],
  ])('refuses an issuer that is %s', (_, tag) => {
    const certificate = withExtension(ISSUER, der(tag, Buffer.from('text')));
    expect(() => read(certificate)).toThrow(/57264\.1\.8 is not text/);
  });

  it.each([
    ['a character beyond ASCII', 'https://\u00e1', /not plain ASCII/],
    ['a control character', 'https://a\x7f', /not readable text/],
  ])('says what is wrong with %s', (_, name, problem) => {
    expect(() => read(named(uri(name)))).toThrow(problem);
  });

  it('refuses a name that is no choice of names at all', () => {
    expect(() =>
      read(named(der(0x06, Buffer.from('https://mock/x', 'latin1')))),
    ).toThrow(/its identity is unreadable/);
  });

  it('refuses anything after the signature', () => {
    const longer = changed(root => root.subs.push(root.subs[1]));
    expect(() => read(longer)).toThrow(/its authority did not sign/);
  });

  it('a validity ends no sooner than it begins', () => {
    const during = (order: (begin: Buffer, end: Buffer) => Buffer[]) =>
      changed(root => {
        const [begin, end] = root.subs[0].subs[4].subs as { value: Buffer }[];
        [begin.value, end.value] = order(begin.value, end.value);
      });
    expect(() => read(during((begin, end) => [end, begin]))).toThrow(
      /not a period/,
    );
    const moment = read(during(begin => [begin, begin]));
    expect(moment.notBefore).toEqual(moment.notAfter);
  });

  it('is read from a bundle of the first version, too', async () => {
    const bundle = await instance.signMessage(Buffer.from('a'));
    const { certificate, ...material } = bundle.verificationMaterial;
    const older = bundleFromJSON({
      ...bundle,
      mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.1',
      verificationMaterial: {
        ...material,
        x509CertificateChain: { certificates: [certificate] },
      },
    });
    expect(readSigningCertificate(older).identity).toBe(
      'https://mock/identity',
    );
  });
});
