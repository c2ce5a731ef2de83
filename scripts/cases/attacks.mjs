import { createHash, generateKeyPairSync } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { changedBundles } from './changedBundles.mjs';
import { MAY_BE_UNCHECKED } from './uncheckedAttacks.mjs';

const google = 'https://accounts.google.com';

/**
 * Derives from cases that verify what somebody could try instead: for another
 * artifact, in another name, with changed or borrowed evidence, under a changed
 * trusted root. Every one of them must be rejected; few may be so before
 * anything is checked.
 *
 * The files are made in a folder of their own; `remove` removes it.
 *
 * @param {import('./readCases.mjs').SignedCase[]} given
 * @param {number} [most] of each kind of attack, spread over the cases
 */
export function deriveAttacks(given, most = Infinity) {
  const files = new Scratch();
  const honest = given.filter(
    one => one.expect === 'verify' && isComplete(one),
  );
  const cases = honest.flatMap(one =>
    [
      ...otherArtifacts(one, honest, files),
      ...otherSigners(one, files),
      ...otherEvidence(one, honest, files),
      ...otherRoots(one, files),
    ].map(([what, change]) => ({
      what,
      attack: {
        ...defined({ ...one, ...change }),
        id: `${one.id}: ${what}`,
        expect: 'reject',
        attack: true,
        mayBeUnchecked: MAY_BE_UNCHECKED.includes(what),
      },
    })),
  );
  return {
    cases: someOfEach(cases, most).map(({ attack }) => attack),
    remove: () => files.remove(),
  };
}

/** At most so many of each kind, from all over the list. */
function someOfEach(attacks, most) {
  const kinds = new Map();
  for (const attack of attacks)
    kinds.set(attack.what, [...(kinds.get(attack.what) ?? []), attack]);
  return [...kinds.values()].flatMap(kind => {
    const share = Math.max(kind.length / most, 1);
    return kind.filter(
      (_, index) =>
        Math.floor(index / share) !== Math.floor((index - 1) / share),
    );
  });
}

/** Whether the files of a case are there to be changed. */
function isComplete({ artifact, bundle, trustedRoot, key, identity, issuer }) {
  try {
    readFileSync(artifact);
    JSON.parse(readFileSync(bundle, 'utf8'));
    JSON.parse(readFileSync(trustedRoot, 'utf8'));
    return key ? Boolean(readFileSync(key)) : Boolean(identity && issuer);
  } catch {
    return false;
  }
}

/** Files that are made for attacks, the same bytes once. */
class Scratch {
  #folder = mkdtempSync(path.join(tmpdir(), 'attacks-'));

  write(bytes) {
    const name = createHash('sha256').update(bytes).digest('hex');
    const file = path.join(this.#folder, name);
    writeFileSync(file, bytes);
    return file;
  }

  get folder() {
    return this.#folder;
  }

  remove() {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const defined = one =>
  Object.fromEntries(
    Object.entries(one).filter(([, value]) => value !== undefined),
  );

const digestOf = file =>
  createHash('sha256').update(readFileSync(file)).digest('hex');

const isSame = (file, other) =>
  existsSync(file) && readFileSync(file).equals(readFileSync(other));

function otherArtifacts(one, honest, files) {
  const bytes = readFileSync(one.artifact);
  const own = digestOf(one.artifact);
  const another = honest.find(({ artifact }) => digestOf(artifact) !== own);
  const flipped = Buffer.from(bytes);
  if (flipped.length > 0) flipped[flipped.length >> 1] ^= 1;
  return [
    [
      'a byte more',
      { artifact: files.write(Buffer.concat([bytes, Buffer.from('\n')])) },
    ],
    ['an empty artifact', { artifact: files.write(Buffer.alloc(0)) }],
    ...(bytes.length > 0
      ? [['a flipped bit in the artifact', { artifact: files.write(flipped) }]]
      : []),
    ...(another ? [['another artifact', { artifact: another.artifact }]] : []),
    ['no artifact', { artifact: path.join(files.folder, 'nothing') }],
    ['its own bundle as artifact', { artifact: one.bundle }],
  ].filter(([, { artifact }]) => !isSame(artifact, one.artifact));
}

function otherSigners(one, files) {
  const types = one.predicateType
    ? [
        [
          'another predicate type',
          { predicateType: 'https://example.com/other' },
        ],
        ['a longer predicate type', { predicateType: `${one.predicateType}x` }],
        [
          'a shorter predicate type',
          { predicateType: one.predicateType.slice(0, -1) },
        ],
      ]
    : [];
  return one.key
    ? [...otherKeys(one, files), ...types]
    : [...otherNames(one, files), ...types];
}

function otherKeys(one, files) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
  });
  const pem = (key, type) => key.export({ type, format: 'pem' });
  const own = readFileSync(one.key, 'utf8');
  return [
    ['another key', { key: files.write(pem(publicKey, 'spki')) }],
    ['a private key', { key: files.write(pem(privateKey, 'pkcs8')) }],
    ['two keys', { key: files.write(`${pem(publicKey, 'spki')}${own}`) }],
    ['an empty key', { key: files.write('') }],
    ['no key', { key: path.join(files.folder, 'nothing') }],
    [
      'a name instead of the key',
      { key: undefined, identity: 'a', issuer: google },
    ],
    ['neither key nor name', { key: undefined }],
  ];
}

function otherNames(one, files) {
  const { identity, issuer } = one;
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = publicKey.export({ type: 'spki', format: 'pem' });
  const identities = {
    'without its end': identity.slice(0, -1),
    'without its start': identity.slice(1),
    'with more at the end': `${identity}x`,
    'with more at the start': `x${identity}`,
    'with a dot for a character': identity.replace(/[^.](?=[^.]*$)/, '.'),
    'as a pattern': identity.replace(/[^/]+$/, '.*'),
    'of anything': '.*',
    'in anchors': `^${identity}$`,
    'in capitals': identity.toUpperCase(),
    'with a space': `${identity} `,
    'with a NUL': `${identity}\0`,
    empty: '',
    missing: undefined,
    'as a template': '{{ repository }}',
  };
  const issuers = {
    'of another': issuer === google ? 'https://gitlab.com' : google,
    'with more at the end': `${issuer}.evil.example`,
    'with a slash': `${issuer}/`,
    'without its end': issuer.slice(0, -1),
    'with a dot for a character': issuer.replace(/[^.](?=[^.]*$)/, '.'),
    'of anything': '.*',
    'over http': issuer.replace('https:', 'http:'),
    empty: '',
    missing: undefined,
  };
  const variants = (field, values) =>
    Object.entries(values)
      .filter(([, value]) => value !== one[field])
      .map(([what, value]) => [`the ${field} ${what}`, { [field]: value }]);
  return [
    ...variants('identity', identities),
    ...variants('issuer', issuers),
    ['identity and issuer exchanged', { identity: issuer, issuer: identity }],
    [
      'a key instead of the name',
      { key: files.write(key), identity: undefined, issuer: undefined },
    ],
    ['a key besides the name', { key: files.write(key) }],
  ];
}

function otherEvidence(one, honest, files) {
  const text = readFileSync(one.bundle, 'utf8');
  const others = honest
    .filter(({ artifact }) => digestOf(artifact) !== digestOf(one.artifact))
    .map(({ bundle }) => bundle);
  const donor = others.find(bundle =>
    similar(text, readFileSync(bundle, 'utf8')),
  );
  const write = ([what, bundle]) => [
    what,
    { bundle: files.write(JSON.stringify(bundle)) },
  ];
  return [
    ...changedBundles(
      JSON.parse(text),
      donor && JSON.parse(readFileSync(donor, 'utf8')),
    ).map(write),
    ...(others[0]
      ? [['evidence of another artifact', { bundle: others[0] }]]
      : []),
    ['no bundle', { bundle: path.join(files.folder, 'nothing') }],
    ['a folder as bundle', { bundle: files.folder }],
    ['an empty bundle', { bundle: files.write('') }],
    ['half a bundle', { bundle: files.write(text.slice(0, text.length >> 1)) }],
    ['an empty object as bundle', { bundle: files.write('{}') }],
    ['null as bundle', { bundle: files.write('null') }],
    ['a list as bundle', { bundle: files.write(`[${text}]`) }],
    [
      'a bundle that is not UTF-8',
      { bundle: files.write(Buffer.from([0xff, 0xfe, 0x00])) },
    ],
    ['deep nesting as bundle', { bundle: files.write('['.repeat(100_000)) }],
  ];
}

/** Parts are exchanged between bundles of the same form only. */
const similar = (a, b) =>
  Boolean(JSON.parse(a).dsseEnvelope) === Boolean(JSON.parse(b).dsseEnvelope);

function otherRoots(one, files) {
  const root = JSON.parse(readFileSync(one.trustedRoot, 'utf8'));
  const changed = change => {
    const copy = structuredClone(root);
    change(copy);
    return files.write(JSON.stringify(copy));
  };
  const noStart = list => copy =>
    copy[list].forEach(log => delete log.publicKey.validFor);
  return [
    [
      'a root without authorities',
      {
        trustedRoot: changed(copy => {
          copy.certificateAuthorities = [];
        }),
      },
    ],
    ...(root.tlogs?.length > 0
      ? [
          [
            'a root whose logs have no start',
            { trustedRoot: changed(noStart('tlogs')) },
          ],
          [
            'a root with keys of other logs',
            {
              trustedRoot: changed(copy => {
                const { publicKey } = generateKeyPairSync('ec', {
                  namedCurve: 'P-256',
                });
                copy.tlogs.forEach(log => {
                  log.publicKey.rawBytes = publicKey
                    .export({ type: 'spki', format: 'der' })
                    .toString('base64');
                });
              }),
            },
          ],
        ]
      : []),
    ['no root', { trustedRoot: path.join(files.folder, 'nothing') }],
    ['an empty root', { trustedRoot: files.write('{}') }],
  ];
}
