import {
  ArtifactReport,
  ExpectedSigner,
  ParsedReference,
  parseReference,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { basename } from 'node:path';

/** Statement types that stand for a plain signature, which `cosign verify` reads. */
const PLAIN_SIGNATURE = 'https://sigstore.dev/cosign/sign/v1';

/** A trusted root as cosign needs to know of it. */
export type CommandRoot = {
  name: string;
  /** Absent for the public instance, which cosign knows. Only its name is shown. */
  file?: string;
  thresholds: { transparencyLog: number };
};

type WhoSigns = Pick<ExpectedSigner, 'trustedRoot' | 'issuer' | 'identity'> & {
  pattern: boolean;
  predicateTypes: string[];
};

/**
 * Commands that repeat a check with cosign, ready to paste into a POSIX shell:
 * they ask for the signer that is expected, or the one found where no rule
 * expects any.
 *
 * @param context - `timestamped` tells that the evidence counts on the time of a
 * timestamp authority, which cosign wants to be told
 * @returns nothing when there is neither a digest nor a signer to ask for
 */
export function reproduce(
  report: Pick<ArtifactReport, 'reference' | 'digest' | 'expected' | 'signer'>,
  context: { roots: CommandRoot[]; timestamped: boolean },
): { tool: string; command: string }[] {
  const parsed = parseReference(report.reference);
  if (!parsed.ok || !report.digest) return [];
  const target = describeTarget(parsed.parsed, report.digest);
  const commands = whoSigns(report).flatMap(who => {
    const root = context.roots.find(({ name }) => name === who.trustedRoot);
    const flags = [
      ...identityFlags(who),
      ...rootFlags(root, context.timestamped),
    ];
    return checksOf(who).map(type => target.command(flags, type));
  });
  return [...new Set(commands)].map(command => ({ tool: 'cosign', command }));
}

// Every policy must be satisfied, but by one of its authorities: the first is
// asked for.
function whoSigns(
  report: Pick<ArtifactReport, 'expected' | 'signer'>,
): WhoSigns[] {
  const { expected, signer } = report;
  if (expected.length > 0) {
    return expected.filter(
      (item, index) =>
        expected.findIndex(other => other.policy === item.policy) === index,
    );
  }
  return signer ? [{ ...signer, pattern: false, predicateTypes: [] }] : [];
}

// A required attestation is a signature, too; a plain one is asked for without.
function checksOf(who: WhoSigns): (string | undefined)[] {
  const types = who.predicateTypes.filter(type => type !== PLAIN_SIGNATURE);
  return types.length > 0 ? types : [undefined];
}

function identityFlags(who: WhoSigns): string[] {
  const identity = who.pattern
    ? `--certificate-identity-regexp=${quote(anchor(who.identity))}`
    : `--certificate-identity=${quote(who.identity)}`;
  return [identity, `--certificate-oidc-issuer=${quote(who.issuer)}`];
}

// cosign matches anywhere in the identity unless told otherwise.
function anchor(pattern: string): string {
  return pattern.startsWith('^') ? pattern : `^(?:${pattern})$`;
}

function rootFlags(
  root: CommandRoot | undefined,
  timestamped: boolean,
): string[] {
  const withoutLog = root?.thresholds.transparencyLog === 0;
  return [
    ...(root?.file ? [`--trusted-root=${quote(basename(root.file))}`] : []),
    ...(timestamped || withoutLog ? ['--use-signed-timestamps'] : []),
    ...(withoutLog ? ['--insecure-ignore-tlog'] : []),
  ];
}

type Target = {
  command(flags: string[], predicateType: string | undefined): string;
};

function describeTarget(reference: ParsedReference, digest: string): Target {
  if (reference.type === 'oci') {
    const image = `${reference.host}/${reference.repository}@${digest}`;
    return {
      command: (flags, type) =>
        lines([
          type
            ? `cosign verify-attestation --type=${quote(type)}`
            : 'cosign verify',
          ...flags,
          quote(image),
        ]),
    };
  }
  const place = reference.type === 'https' ? reference.url : reference.path;
  const file = fileName(place);
  const download =
    reference.type === 'https'
      ? [place, `${place}.sigstore.json`]
          .map(url => `curl -fsSLO ${quote(url)} && `)
          .join('')
      : '';
  const path = reference.type === 'https' ? operand(file) : place;
  return {
    command: (flags, type) =>
      lines([
        type
          ? `${download}cosign verify-blob-attestation --type=${quote(type)}`
          : `${download}cosign verify-blob`,
        `--bundle=${quote(`${path}.sigstore.json`)}`,
        ...flags,
        quote(path),
      ]),
  };
}

function fileName(place: string): string {
  return place.slice(place.lastIndexOf('/') + 1);
}

function lines(parts: string[]): string {
  return parts.join(' \\\n  ');
}

// A file name that begins with a dash would be read as an option.
function operand(name: string): string {
  return name.startsWith('-') ? `./${name}` : name;
}

// Names, digests and identities come from outside: nothing in them may end the
// quotation.
function quote(text: string): string {
  return `'${text.replace(/'/g, `'\\''`)}'`;
}
