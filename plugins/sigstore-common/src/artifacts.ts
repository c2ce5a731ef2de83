import { z } from 'zod/v4';
import { parseS3 } from './s3Reference';

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
 * when neither is written). `https`, `s3` and `file` are a blob in a bundle
 * store, whose evidence lies beside it; `key` is the name of an object as it
 * is, without escapes.
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
      /** Whatever release is the newest when it is asked for. */
      newest?: true;
    }
  | { type: 'https'; host: string; url: string }
  | { type: 's3'; bucket: string; key: string }
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
// No tag can begin like this.
const NEWEST = '~newest';
const OCI_TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

const HTTPS_PORT = 443;
// Names under which Docker Hub serves the same repositories.
const DOCKER_HUB = 'docker.io';
const DOCKER_HUB_ALIASES = ['index.docker.io', 'registry-1.docker.io'];
// Dots, slashes, percent and control characters: servers differ in whether they
// decode them before they look for the file.
const AMBIGUOUS_ESCAPE = /%(?:2[EF5]|5C|7F|[01][0-9A-F])/i;
// Characters besides those that `encodeURIComponent` leaves alone which stand
// for themselves in a path (RFC 3986, section 3.3).
const PLAIN_IN_PATH = /%(?:2[46BC]|3[ABD]|40)/g;

// Two or more numbers, perhaps after a v. A single number is a name more often
// than a version.
const VERSION = /([/_-])v?[0-9]+(?:\.[0-9]+)+(?=[/._-]|$)/g;

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
 * `host/path:~newest` for the newest release of a repository,
 * `https://host/path`, `s3://bucket/key` and `file:path`. Never throws: what cannot be read comes
 * back with the problem in words.
 *
 * An artifact has one canonical form, whichever way its reference is spelt,
 * because trust policies are matched against it: without the port that is the
 * default, with Docker Hub's one name and its `library/` folder, without `.`
 * and empty parts of a path and with as few escapes as can be.
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
  if (written.startsWith('s3://')) return parseS3(written);
  if (written.startsWith('file:')) return parseFile(written);
  if (written.startsWith('oci://')) {
    return parseOci(written.slice('oci://'.length));
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(written)) {
    return {
      ok: false,
      problem: `"${written}" has a scheme that is not read; use host/path:tag, https://, s3:// or file:`,
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
  if (url.hostname.endsWith('.')) {
    return {
      ok: false,
      problem: `"${written}" has a host that ends in a dot; leave the dot out`,
    };
  }
  const [ambiguous] = AMBIGUOUS_ESCAPE.exec(written) ?? [];
  const path = ambiguous ? undefined : canonicalPath(url.pathname);
  if (path === undefined) {
    return {
      ok: false,
      problem: `"${written}" has an escape that not every server reads alike${
        ambiguous ? ` (${ambiguous})` : ''
      }; name the file without it`,
    };
  }
  const canonical = `${url.origin}${path}`;
  return {
    ok: true,
    canonical,
    parsed: { type: 'https', host: url.host, url: canonical },
  };
}

/** Undefined when an escape is broken or stands for no text. */
function canonicalPath(pathname: string): string | undefined {
  try {
    return pathname
      .replace(/\/{2,}/g, '/')
      .split('/')
      .map(part =>
        encodeURIComponent(decodeURIComponent(part)).replace(
          PLAIN_IN_PATH,
          decodeURIComponent,
        ),
      )
      .join('/');
  } catch {
    return undefined;
  }
}

function parseFile(written: string): ReferenceParseResult {
  const named = written.slice('file:'.length);
  if (named.includes('\\')) {
    return {
      ok: false,
      problem: `"${written}" has a backslash; write / between folders`,
    };
  }
  const parts = named.split('/').filter(part => part !== '' && part !== '.');
  if (parts.length === 0 || parts.includes('..')) {
    return {
      ok: false,
      problem: `"${written}" does not name a file below a configured folder`,
    };
  }
  const path = `${named.startsWith('/') ? '/' : ''}${parts.join('/')}`;
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
  const writtenHost = slash < 0 ? '' : name.slice(0, slash);
  const port = Number(writtenHost.split(':')[1] ?? HTTPS_PORT);
  if (!OCI_HOST.test(writtenHost) || port < 1 || port > 65535) {
    return {
      ok: false,
      problem: `"${written}" does not start with a registry host, such as ghcr.io/`,
    };
  }
  const colon = name.indexOf(':', slash);
  const path = name.slice(slash + 1, colon < 0 ? undefined : colon);
  const tag = colon < 0 ? undefined : name.slice(colon + 1);
  if (!path.split('/').every(part => OCI_PATH_COMPONENT.test(part))) {
    return {
      ok: false,
      problem: `"${written}" has a repository name that no registry accepts`,
    };
  }
  const newest = tag === NEWEST;
  if (newest && digest !== undefined) {
    return {
      ok: false,
      problem: `"${written}" asks for the newest release and names a digest; leave one of them out`,
    };
  }
  if (tag !== undefined && !newest && !OCI_TAG.test(tag)) {
    return {
      ok: false,
      problem: `"${written}" has a tag that no registry accepts`,
    };
  }
  const host = canonicalRegistry(writtenHost, port);
  // Docker Hub's official images are written without their folder.
  const repository =
    host === DOCKER_HUB && !path.includes('/') ? `library/${path}` : path;
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
      ...(newest ? { newest } : {}),
      ...(effectiveTag && !newest ? { tag: effectiveTag } : {}),
      ...(digest ? { digest } : {}),
    },
  };
}

/**
 * The reference by which policies know the newest release: with the tag that it
 * has. Every other reference is known by itself.
 *
 * @param reference - in canonical form
 * @param newestTag - where it is known
 * @public
 */
export function releasedReference(
  reference: string,
  newestTag: string | undefined,
): string {
  const suffix = `:${NEWEST}`;
  return newestTag !== undefined && reference.endsWith(suffix)
    ? `${reference.slice(0, -suffix.length)}:${newestTag}`
    : reference;
}

function canonicalRegistry(writtenHost: string, port: number): string {
  const [name] = writtenHost.split(':');
  if (port !== HTTPS_PORT) return `${name}:${port}`;
  return DOCKER_HUB_ALIASES.includes(name) ? DOCKER_HUB : name;
}

/**
 * The line of an artifact: its reference without tag, digest and version, the
 * same for all releases of one thing. For a file, version numbers in its path
 * count as the version.
 *
 * @param reference - in canonical form
 * @public
 */
export function lineOf(reference: string): string {
  const result = parseReference(reference);
  if (!result.ok) return reference;
  const { parsed } = result;
  if (parsed.type === 'oci') return `${parsed.host}/${parsed.repository}`;
  const start = placeOf(parsed);
  const path = result.canonical.slice(start.length);
  return start + path.replace(VERSION, '$1*');
}

function placeOf(parsed: Exclude<ParsedReference, { type: 'oci' }>): string {
  if (parsed.type === 'https') return new URL(parsed.url).origin;
  return parsed.type === 's3' ? `s3://${parsed.bucket}` : 'file:';
}
