import { addressOf, names } from '../names.ts';
import { type Identity, identities } from './identities.ts';
import type { Way } from './ways.ts';

/** Which signer is expected of an artifact: somebody certified, or a key. */
export type Expected =
  | Pick<Identity, 'issuer' | 'subject'>
  | { key: 'the key' | 'another key' };

/** What is asked where nothing is wrong. */
export const asSigned = 'as it was signed';

/** A question to both cosign and the backend. */
export interface Case {
  way: Way;
  /** what is asked for */
  asks: string;
  /** name of the entity that asks */
  entity: string;
  artifact: 'signed' | 'other' | 'platform';
  expected: Expected;
  /** whether an entry in a log is asked for */
  isLogged: boolean;
}

/** Every case of some ways of signing. */
export function casesOf(ways: Way[]): Case[] {
  return ways
    .flatMap(way => questionsOf(way))
    .map((asked, index) => ({ ...asked, entity: `case-${index}` }));
}

/**
 * What is asked about a way of signing: once for what was signed, by whom it was
 * signed, and then with one thing wrong each time.
 */
function questionsOf(way: Way): Omit<Case, 'entity'>[] {
  const signer = signerOf(way);
  const wrong: Record<string, Expected> =
    'key' in signer
      ? { 'another key': { key: 'another key' } }
      : {
          'a longer identity': { ...signer, subject: `${signer.subject}x` },
          'a shorter identity': {
            ...signer,
            subject: signer.subject.slice(0, -1),
          },
          'another issuer': { ...signer, issuer: otherIssuer(signer.issuer) },
        };
  const isLogged = way.log !== undefined;
  const right = {
    way,
    artifact: 'signed',
    expected: signer,
    isLogged,
  } as const;
  return [
    { ...right, asks: asSigned },
    ...Object.entries(wrong).map(([asks, expected]) => ({
      ...{ ...right, asks, expected },
    })),
    { ...right, asks: 'another artifact', artifact: 'other' },
    ...(way.isIndex
      ? [{ ...right, asks: 'a platform of it', artifact: 'platform' as const }]
      : []),
    ...(isLogged
      ? []
      : [{ ...right, asks: 'an entry in a log', isLogged: true }]),
  ];
}

/** Tags or file names of what was signed, and of what was not. */
export const versions = { signed: '1.0', other: '1.1' } as const;

/** What the repository of an image is called. */
export function imageOf(way: Way): string {
  const host = way.place === 'distribution' ? 'distribution' : 'registry';
  return `${names[host]}/${repositoryOf(way)}`;
}

/** Its path in the registry. */
export function repositoryOf(way: Way): string {
  return `${way.place === 'separate' ? apart.images : 'acme'}/${way.name}`;
}

/** The images whose evidence lies in another repository, and that one. */
export const apart = { images: 'apart', evidence: 'evidence' };

/** What tells cosign where the evidence lies, if not where it is by default. */
export function cosignEnvironment(way: Way): Record<string, string> {
  return {
    ...(way.place === 'separate'
      ? { COSIGN_REPOSITORY: `${names.registry}/${apart.evidence}` }
      : {}),
    ...(way.format === 'referrers' ? { COSIGN_EXPERIMENTAL: '1' } : {}),
  };
}

function signerOf(way: Way): Expected {
  if (way.by === 'key') return { key: 'the key' };
  const { issuer, subject } = identities[way.by];
  return { issuer, subject };
}

function otherIssuer(issuer: string): string {
  const [first, second] = [
    addressOf('workflowIssuer'),
    addressOf('personIssuer'),
  ];
  return issuer === first ? second : first;
}
