import { basename } from 'node:path';
import { Expectation, keyFile } from './expectation';
import { Words, operand, quote } from './shell';
import { Target } from './target';

/** Statement types that stand for a plain signature, which `cosign verify` reads. */
const PLAIN_SIGNATURE = 'https://sigstore.dev/cosign/sign/v1';

/** What asks cosign for one expectation: a command for each type of evidence. */
export function cosignCommands(target: Target, who: Expectation): Words[] {
  const flags = [...signerFlags(who), ...rootFlags(who)];
  return checksOf(who).map(type => command(target, flags, type));
}

// A required attestation is a signature, too; a plain one is asked for without.
function checksOf(who: Expectation): (string | undefined)[] {
  const types = who.predicateTypes.filter(type => type !== PLAIN_SIGNATURE);
  return who.withSignature || types.length === 0
    ? [undefined, ...types]
    : types;
}

function command(target: Target, flags: string[], type?: string): Words {
  const attested = type === undefined ? '' : '-attestation';
  const typeFlags = type === undefined ? [] : [`--type=${quote(type)}`];
  if (target.type === 'image') {
    const words = [`cosign verify${attested}`, ...typeFlags, ...flags];
    return [...words, quote(target.name)];
  }
  return [
    `${target.fetch}cosign verify-blob${attested}`,
    ...typeFlags,
    `--bundle=${quote(target.bundle)}`,
    ...flags,
    quote(target.path),
  ];
}

function signerFlags(who: Expectation): string[] {
  if (who.key) return [`--key=${quote(operand(keyFile(who)))}`];
  const { identity, pattern, issuer, issuerPattern } = who;
  return [
    pattern
      ? `--certificate-identity-regexp=${quote(anchor(identity))}`
      : `--certificate-identity=${quote(identity)}`,
    issuerPattern
      ? `--certificate-oidc-issuer-regexp=${quote(anchor(issuer))}`
      : `--certificate-oidc-issuer=${quote(issuer)}`,
  ];
}

/**
 * cosign finds a pattern anywhere in the identity. A pattern that begins and
 * ends with anchors may still have alternatives without, so all are wrapped.
 */
function anchor(pattern: string): string {
  return `^(?:${pattern})$`;
}

function rootFlags({ root, timestamped, key }: Expectation): string[] {
  const { transparencyLog, certificateTransparency } = root?.thresholds ?? {};
  const withoutLog = transparencyLog === 0;
  return [
    ...(root?.file ? [`--trusted-root=${quote(basename(root.file))}`] : []),
    ...(timestamped || withoutLog ? ['--use-signed-timestamps'] : []),
    ...(withoutLog ? ['--insecure-ignore-tlog'] : []),
    ...(certificateTransparency === 0 && !key ? ['--insecure-ignore-sct'] : []),
  ];
}
