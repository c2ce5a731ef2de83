import type { ReferenceParseResult } from './artifacts';

// General purpose buckets, which is what other S3 servers accept too; names in
// the form of an address lead to no bucket.
const BUCKET =
  /^(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/**
 * Takes `s3://bucket/key` apart.
 *
 * A key has one spelling: itself. What could be read as another one by tools or
 * servers on the way (escapes, folders that are none) is refused, and so is a
 * version: a rule for `s3://bucket/key` must cover whatever lies there, and
 * evidence lies beside the object, not beside one version of it.
 */
export function parseS3(written: string): ReferenceParseResult {
  const [bucket, ...parts] = written.slice('s3://'.length).split('/');
  if (!BUCKET.test(bucket)) {
    return {
      ok: false,
      problem: `"${written}" does not start with the name of a bucket, such as s3://acme-plans/`,
    };
  }
  const key = parts.join('/');
  if (!key || parts.some(part => ['', '.', '..'].includes(part))) {
    return {
      ok: false,
      problem: `"${written}" does not name an object: its key has an empty part, "." or ".."`,
    };
  }
  if (/[?#]/.test(key)) {
    return {
      ok: false,
      problem:
        'the reference carries a version, a query or a fragment; name the object only, its newest version is checked',
    };
  }
  const [ambiguous] = /%[0-9A-Fa-f]{2}|\\/.exec(key) ?? [];
  if (ambiguous) {
    return {
      ok: false,
      problem: `"${written}" has something in its key that not every tool reads alike (${ambiguous}); write the key as it is, and use objects without it`,
    };
  }
  return {
    ok: true,
    canonical: `s3://${bucket}/${key}`,
    parsed: { type: 's3', bucket, key },
  };
}
