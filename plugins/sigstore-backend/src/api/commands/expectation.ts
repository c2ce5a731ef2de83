import {
  ArtifactReport,
  ExpectedSigner,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Thresholds } from '@cloudythings/sigstore-engine';

/** A trusted root as the programs need to know of it. */
export type CommandRoot = {
  name: string;
  /** Absent for the public instance, which they know. Only its name is shown. */
  file?: string;
  thresholds: Thresholds;
};

/** Who is asked for, and what must be there. */
export type Expectation = Omit<ExpectedSigner, 'policy' | 'trustedRoot'> & {
  root?: CommandRoot;
  /** Whether the evidence counts on the time of a timestamp authority. */
  timestamped: boolean;
};

type Signed = Pick<ArtifactReport, 'expected' | 'signer'>;

/**
 * What to ask for: of each rule the way of signing that was found, else its
 * first; the signer that was found where no rule expects any.
 */
export function expectationsOf(
  report: Signed,
  { roots, timestamped }: { roots: CommandRoot[]; timestamped: boolean },
): Expectation[] {
  const { signer } = report;
  const named = (name: string) => roots.find(root => root.name === name);
  return whoSigns(report).map(who => {
    const root = named(who.trustedRoot) ?? named(signer?.trustedRoot ?? '');
    return { ...who, timestamped, ...(root ? { root } : {}) };
  });
}

function whoSigns(report: Signed): ExpectedSigner[] {
  const { expected, signer } = report;
  if (expected.length > 0) {
    const policies = new Set(expected.map(({ policy }) => policy));
    return [...policies].map(policy => {
      const [first, ...others] = expected.filter(one => one.policy === policy);
      return [first, ...others].find(one => isFound(one, report)) ?? first;
    });
  }
  if (!signer) return [];
  const isKey = signer.identityType === 'public-key';
  return [
    {
      ...signer,
      policy: '',
      authority: 'signer',
      pattern: false,
      predicateTypes: [],
      ...(isKey ? { key: true } : {}),
    },
  ];
}

function isFound(expected: ExpectedSigner, { signer }: Signed): boolean {
  return (
    signer !== undefined &&
    expected.trustedRoot === signer.trustedRoot &&
    expected.issuer === signer.issuer &&
    (expected.pattern || expected.identity === signer.identity)
  );
}

/**
 * Name of the file that holds an expected key: that of the authority, which
 * whoever wrote the policy chose.
 */
export function keyFile({ authority }: Pick<Expectation, 'authority'>): string {
  return `${authority.replace(/[^\w.-]+/g, '-')}.pem`;
}
