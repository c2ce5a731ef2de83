import { ArtifactKind } from '@cloudythings/backstage-plugin-sigstore-common';
import { basename } from 'node:path';
import { CommandRoot, Expectation, keyFile } from './expectation';
import { Words, operand, quote } from './shell';
import { Target } from './target';

/**
 * What asks our own program for one expectation. It matches whole identities by
 * itself. The artifact comes after two dashes: who copies the command into a
 * gate puts a variable there, and its value must not be taken for an option.
 */
export function ctCommand(
  target: Target,
  kind: ArtifactKind,
  who: Expectation,
): Words {
  const { root, predicateTypes } = who;
  const flags = [
    ...signerFlags(who),
    ...predicateTypes.map(type => `--predicate-type=${quote(type)}`),
    ...(root?.file
      ? [`--trusted-root=${quote(operand(basename(root.file)))}`]
      : []),
    ...thresholdFlags(root),
  ];
  if (target.type === 'image') {
    return ['ct verify artifact', ...flags, `-- ${quote(target.name)}`];
  }
  return [
    `${target.fetch}ct verify artifact`,
    `--kind=${kind}`,
    `--bundle=${quote(target.bundle)}`,
    ...flags,
    `-- ${quote(target.path)}`,
  ];
}

// Of each kind that a root offers it asks for one, unless told otherwise.
function thresholdFlags(root: CommandRoot | undefined): string[] {
  return Object.entries(root?.thresholds ?? {})
    .filter(([, needed]) => needed !== 1)
    .map(([kind, needed]) => `--threshold=${kind}=${needed}`);
}

function signerFlags(who: Expectation): string[] {
  if (who.key) return [`--key=${quote(operand(keyFile(who)))}`];
  const { identity, pattern, issuer, issuerPattern } = who;
  return [
    `--certificate-identity${pattern ? '-regexp' : ''}=${quote(identity)}`,
    `--certificate-oidc-issuer${issuerPattern ? '-regexp' : ''}=${quote(
      issuer,
    )}`,
  ];
}
