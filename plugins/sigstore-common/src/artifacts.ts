import { z } from 'zod/v4';

/**
 * The kinds of things that are signed. One trust policy document type covers
 * them all.
 *
 * @public
 */
export const ARTIFACT_KINDS = [
  'image',
  'terraform-plan',
  'terraform-module',
  'manifest',
  'policy-bundle',
  'pipeline',
] as const;

/** @public */
export const artifactKindSchema = z.enum(ARTIFACT_KINDS);

/** @public */
export type ArtifactKind = (typeof ARTIFACT_KINDS)[number];

/**
 * Where an artifact reference points to, taken apart.
 *
 * `oci` is a repository in an OCI registry, with a tag or a digest (`latest`
 * when neither is written). `https` and `file` are a blob in a bundle store,
 * whose evidence lies beside it.
 *
 * @public
 */
export type ParsedReference =
  | {
      type: 'oci';
      host: string;
      repository: string;
      tag?: string;
      digest?: string;
    }
  | { type: 'https'; host: string; url: string }
  | { type: 'file'; path: string };

/** @public */
export type ReferenceParseResult =
  | { ok: true; canonical: string; parsed: ParsedReference }
  | { ok: false; problem: string };

const DIGEST = /^sha256:[0-9a-f]{64}$/;
// Grammar of the OCI distribution specification, with the length limits that
// registries apply.
const OCI_HOST =
  /^(?:(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+|localhost)(?::[0-9]{1,5})?$/;
const OCI_PATH_COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const OCI_TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/**
 * Longest reference that is read, as written and in canonical form.
 *
 * @public
 */
export const MAX_REFERENCE_LENGTH = 512;

const TOO_LONG: ReferenceParseResult = {
  ok: false,
  problem: `the reference is longer than ${MAX_REFERENCE_LENGTH} characters`,
};

/**
 * Tells whether a text is a digest this project works with.
 *
 * @param text - for example `sha256:` and 64 lower-case hexadecimal digits
 * @public
 */
export function isSha256Digest(text: string): boolean {
  return DIGEST.test(text);
}

/**
 * Takes an artifact reference apart, as people write them on entities.
 *
 * Accepts `host/path[:tag][@sha256:…]` (with or without `oci://`),
 * `https://host/path` and `file:path`. Never throws: what cannot be read comes
 * back with the problem in words.
 *
 * @param text - the reference as written
 * @public
 */
export function parseReference(text: string): ReferenceParseResult {
  const written = text.trim();
  if (written === '') return { ok: false, problem: 'the reference is empty' };
  const result =
    written.length > MAX_REFERENCE_LENGTH ? TOO_LONG : parseWritten(written);
  // Encoding and a tag that was left out make the canonical form longer.
  return result.ok && result.canonical.length > MAX_REFERENCE_LENGTH
    ? TOO_LONG
    : result;
}

function parseWritten(written: string): ReferenceParseResult {
  if (/[\p{Cc}\p{Cf}\s]/u.test(written)) {
    return {
      ok: false,
      problem: 'the reference has a space or an invisible character in it',
    };
  }
  if (written.startsWith('https://')) return parseHttps(written);
  if (written.startsWith('file:')) return parseFile(written);
  if (written.startsWith('oci://')) {
    return parseOci(written.slice('oci://'.length));
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(written)) {
    return {
      ok: false,
      problem: `"${written}" has a scheme that is not read; use host/path:tag, https:// or file:`,
    };
  }
  return parseOci(written);
}

function parseHttps(written: string): ReferenceParseResult {
  let url: URL;
  try {
    url = new URL(written);
  } catch {
    return { ok: false, problem: `"${written}" is not a URL` };
  }
  if (url.username || url.password) {
    return {
      ok: false,
      problem: 'the reference carries credentials; put them in configuration',
    };
  }
  if (url.hash || url.search) {
    return {
      ok: false,
      problem:
        'the reference carries a query or a fragment; name the file only',
    };
  }
  return {
    ok: true,
    canonical: url.href,
    parsed: { type: 'https', host: url.host, url: url.href },
  };
}

function parseFile(written: string): ReferenceParseResult {
  const path = written.slice('file:'.length).replace(/^\/\/(?=\/)/, '');
  if (path === '' || path.split('/').includes('..')) {
    return {
      ok: false,
      problem: `"${written}" does not name a file below a configured folder`,
    };
  }
  return {
    ok: true,
    canonical: `file:${path}`,
    parsed: { type: 'file', path },
  };
}

function parseOci(written: string): ReferenceParseResult {
  const [name, digest, ...rest] = written.split('@');
  if (rest.length > 0 || (digest !== undefined && !DIGEST.test(digest))) {
    return {
      ok: false,
      problem: `"${written}" has a digest that is not sha256: and 64 hexadecimal digits`,
    };
  }
  const slash = name.indexOf('/');
  const host = slash < 0 ? '' : name.slice(0, slash);
  const port = Number(host.split(':')[1] ?? 443);
  if (!OCI_HOST.test(host) || port < 1 || port > 65535) {
    return {
      ok: false,
      problem: `"${written}" does not start with a registry host, such as ghcr.io/`,
    };
  }
  const colon = name.indexOf(':', slash);
  const repository = name.slice(slash + 1, colon < 0 ? undefined : colon);
  const tag = colon < 0 ? undefined : name.slice(colon + 1);
  if (!repository.split('/').every(part => OCI_PATH_COMPONENT.test(part))) {
    return {
      ok: false,
      problem: `"${written}" has a repository name that no registry accepts`,
    };
  }
  if (tag !== undefined && !OCI_TAG.test(tag)) {
    return {
      ok: false,
      problem: `"${written}" has a tag that no registry accepts`,
    };
  }
  const effectiveTag = tag ?? (digest ? undefined : 'latest');
  const canonical = `${host}/${repository}${
    effectiveTag ? `:${effectiveTag}` : ''
  }${digest ? `@${digest}` : ''}`;
  return {
    ok: true,
    canonical,
    parsed: {
      type: 'oci',
      host,
      repository,
      ...(effectiveTag ? { tag: effectiveTag } : {}),
      ...(digest ? { digest } : {}),
    },
  };
}
