import type { ExpectedRow, Tampering } from '../record/tamper.ts';

/**
 * Spreads all tamperings over as few worlds as possible: each world changes
 * every artifact at most once, so that what a row says comes from one change.
 */
export function worlds(all: Tampering[]): Tampering[][] {
  const perArtifact = new Map<string, Tampering[]>();
  for (const tampering of all) {
    const { kind, reference } = tampering.row;
    const key = `${kind} ${reference}`;
    const known = perArtifact.get(key) ?? [];
    // An artifact that several entities use is changed once for all of them.
    if (!known.some(({ change }) => change === tampering.change))
      known.push(tampering);
    perArtifact.set(key, known);
  }
  const planned: Tampering[][] = [];
  [...perArtifact.values()].forEach((tamperings, shift) =>
    tamperings.forEach((tampering, i) => {
      // Shifted, so that one world shows different kinds of changes.
      const at = (i + shift) % tamperings.length;
      (planned[at] ??= []).push(tampering);
    }),
  );
  return planned;
}

/** What a world is expected to say after these changes. */
export function expectedAfter(
  artifacts: ExpectedRow[],
  tamperings: Tampering[],
): ExpectedRow[] {
  return artifacts.map(row => {
    const tampering = tamperings.find(
      ({ row: changed }) =>
        changed.kind === row.kind && changed.reference === row.reference,
    );
    return tampering ? { ...row, ...tampering.expected, signer: null } : row;
  });
}
