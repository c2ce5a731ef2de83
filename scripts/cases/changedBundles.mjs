/**
 * Changes to a bundle that leave nothing of what it proved: each place that a
 * signature or a proof covers with a byte flipped, parts left out, and parts
 * taken from another bundle.
 *
 * @param {any} bundle
 * @param {any} [donor] a bundle of the same form about another artifact
 * @returns {[string, any][]} what was done, and the changed bundle
 */
export function changedBundles(bundle, donor) {
  const changes = [
    ...flips(bundle),
    ...removals(bundle),
    ...moves(bundle),
    ...(donor ? exchanges(bundle, donor) : []),
  ];
  const before = JSON.stringify(bundle);
  return changes
    .map(([what, change]) => {
      const copy = structuredClone(bundle);
      change(copy);
      return [what, copy];
    })
    .filter(([, changed]) => JSON.stringify(changed) !== before);
}

const at = (object, keys) => keys.reduce((value, key) => value?.[key], object);

/** Where base64 stands that a signature or a proof covers. */
function coveredPlaces(bundle) {
  const material = ['verificationMaterial'];
  const { tlogEntries = [], timestampVerificationData } =
    bundle.verificationMaterial ?? {};
  const stamps = timestampVerificationData?.rfc3161Timestamps ?? [];
  const hasPromise = entry => entry.inclusionPromise?.signedEntryTimestamp;
  return [
    ['messageSignature', 'signature'],
    ['messageSignature', 'messageDigest', 'digest'],
    ['dsseEnvelope', 'payload'],
    ['dsseEnvelope', 'signatures', 0, 'sig'],
    [...material, 'certificate', 'rawBytes'],
    // The rest of a chain is not used: the trusted root has its own.
    [...material, 'x509CertificateChain', 'certificates', 0, 'rawBytes'],
    ...tlogEntries.flatMap((entry, index) => {
      const here = [...material, 'tlogEntries', index];
      const hashes = entry.inclusionProof?.hashes ?? [];
      return [
        [...here, 'logId', 'keyId'],
        [...here, 'canonicalizedBody'],
        ...(hasPromise(entry)
          ? [[...here, 'inclusionPromise', 'signedEntryTimestamp']]
          : []),
        [...here, 'inclusionProof', 'rootHash'],
        ...hashes
          .slice(0, 1)
          .map(() => [...here, 'inclusionProof', 'hashes', 0]),
        ...hashes
          .slice(1)
          .slice(-1)
          .map(() => [...here, 'inclusionProof', 'hashes', hashes.length - 1]),
      ];
    }),
    ...stamps.map((_, index) => [
      ...[...material, 'timestampVerificationData', 'rfc3161Timestamps'],
      ...[index, 'signedTimestamp'],
    ]),
  ].filter(keys => typeof at(bundle, keys) === 'string');
}

function flips(bundle) {
  return coveredPlaces(bundle).map(keys => [
    `a flipped bit in ${keys
      .filter(key => key !== 'verificationMaterial')
      .join('.')}`,
    copy => edit(copy, keys, flipBit),
  ]);
}

/** Near the end: in certificates and timestamps that is their signature. */
function flipBit(base64) {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length > 0) bytes[Math.max(0, bytes.length - 3)] ^= 1;
  return bytes.toString('base64');
}

function edit(object, keys, change) {
  const last = keys[keys.length - 1];
  const holder = at(object, keys.slice(0, -1));
  holder[last] = change(holder[last]);
}

function removals(bundle) {
  const { tlogEntries = [], certificate } = bundle.verificationMaterial ?? {};
  return [
    ...(tlogEntries.length > 0
      ? [
          [
            'without log entries',
            copy => {
              copy.verificationMaterial.tlogEntries = [];
            },
          ],
          [
            'with a log entry that is empty',
            copy => {
              copy.verificationMaterial.tlogEntries = [{}];
            },
          ],
          [
            'with more log entries than are read',
            copy => {
              copy.verificationMaterial.tlogEntries = Array(64).fill(
                tlogEntries[0],
              );
            },
          ],
        ]
      : []),
    ...(certificate
      ? [
          [
            'without a certificate',
            copy => {
              delete copy.verificationMaterial.certificate;
            },
          ],
        ]
      : []),
    [
      'without what was signed',
      copy => {
        delete copy.messageSignature;
        delete copy.dsseEnvelope;
      },
    ],
    [
      'without verification material',
      copy => {
        delete copy.verificationMaterial;
      },
    ],
    [
      'of an unknown version',
      copy => {
        copy.mediaType = 'application/vnd.dev.sigstore.bundle+json;version=9.9';
      },
    ],
    [
      'without a media type',
      copy => {
        delete copy.mediaType;
      },
    ],
    ...(bundle.dsseEnvelope
      ? [
          [
            'without signatures',
            copy => {
              copy.dsseEnvelope.signatures = [];
            },
          ],
          [
            'with another payload type',
            copy => {
              copy.dsseEnvelope.payloadType = 'text/plain';
            },
          ],
        ]
      : []),
  ];
}

function moves(bundle) {
  const { tlogEntries = [] } = bundle.verificationMaterial ?? {};
  const entryOf = copy => copy.verificationMaterial.tlogEntries[0];
  const plus = text => String(BigInt(text) + 1n);
  const [entry] = tlogEntries;
  if (!entry) return [];
  const { inclusionPromise, inclusionProof } = entry;
  return [
    ...(inclusionPromise?.signedEntryTimestamp
      ? [
          [
            'its log entry at another index',
            copy => {
              entryOf(copy).logIndex = plus(entry.logIndex);
            },
          ],
          [
            'its log entry at another time',
            copy => {
              entryOf(copy).integratedTime = plus(entry.integratedTime);
            },
          ],
        ]
      : []),
    ...(inclusionProof
      ? [
          [
            'its proof at another index',
            copy => {
              entryOf(copy).inclusionProof.logIndex = plus(
                inclusionProof.logIndex ?? '0',
              );
            },
          ],
          [
            'its proof for another size',
            copy => {
              entryOf(copy).inclusionProof.treeSize = plus(
                inclusionProof.treeSize,
              );
            },
          ],
          [
            'a checkpoint of another size',
            copy => {
              const { checkpoint } = entryOf(copy).inclusionProof;
              checkpoint.envelope = checkpoint.envelope.replace(
                /\n(\d+)\n/,
                (_, size) => `\n${plus(size)}\n`,
              );
            },
          ],
          [
            'a checkpoint without signatures',
            copy => {
              const { checkpoint } = entryOf(copy).inclusionProof;
              checkpoint.envelope = checkpoint.envelope.replace(
                /\n\n[^]*/,
                '\n\n',
              );
            },
          ],
        ]
      : []),
  ];
}

/** Parts of evidence that holds, put together with parts of another. */
function exchanges(bundle, donor) {
  const material = copy => copy.verificationMaterial;
  const borrowed = material(donor);
  return [
    [
      'the log entries of another',
      copy => {
        material(copy).tlogEntries = borrowed.tlogEntries;
      },
    ],
    ...(borrowed.tlogEntries?.length > 0 &&
    material(bundle).tlogEntries?.length > 0
      ? [
          [
            'the log entry of another besides',
            copy => {
              material(copy).tlogEntries = [
                ...material(copy).tlogEntries.slice(1),
                ...borrowed.tlogEntries,
              ];
            },
          ],
        ]
      : []),
    ...(bundle.dsseEnvelope
      ? [
          [
            'the payload of another',
            copy => {
              copy.dsseEnvelope.payload = donor.dsseEnvelope.payload;
            },
          ],
          [
            'the signature of another',
            copy => {
              copy.dsseEnvelope.signatures = donor.dsseEnvelope.signatures;
            },
          ],
          [
            'the envelope of another',
            copy => {
              copy.dsseEnvelope = donor.dsseEnvelope;
            },
          ],
        ]
      : [
          [
            'the signature of another',
            copy => {
              copy.messageSignature.signature =
                donor.messageSignature.signature;
            },
          ],
          [
            'what another signed',
            copy => {
              copy.messageSignature = donor.messageSignature;
            },
          ],
        ]),
    ...(material(bundle).certificate && borrowed.certificate
      ? [
          [
            'the certificate of another',
            copy => {
              material(copy).certificate = borrowed.certificate;
            },
          ],
        ]
      : []),
    [
      'the verification material of another',
      copy => {
        copy.verificationMaterial = borrowed;
      },
    ],
  ];
}
