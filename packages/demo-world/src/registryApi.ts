import type { Answer } from './answer.ts';
import type { Folder } from './folder.ts';
import { OciLayout } from './ociLayout.ts';

const part = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const route = new RegExp(
  `^/v2/(${part}(?:/${part})*)/(manifests|blobs|referrers|tags)/([A-Za-z0-9_][A-Za-z0-9._:-]*)$`,
);
const digestPattern = /^sha256:[0-9a-f]{64}$/;
const indexType = 'application/vnd.oci.image.index.v1+json';

/**
 * Answers the reading half of the OCI distribution API (v1.1) from layouts in a
 * folder: base, manifests, blobs, tags, referrers.
 *
 * @param url - of the request; its host does not matter
 */
export async function registryAnswer(
  registry: Folder,
  url: URL,
): Promise<Answer> {
  if (url.pathname === '/v2/' || url.pathname === '/v2')
    return json({}, 'application/json');
  const [, repository, resource, reference] = route.exec(url.pathname) ?? [];
  if (!repository) return unknown('NAME_INVALID');
  const layout = new OciLayout(registry, repository);
  switch (resource) {
    case 'tags': {
      const tags = reference === 'list' ? await layout.tags() : undefined;
      return tags
        ? json({ name: repository, tags }, 'application/json')
        : unknown('NAME_UNKNOWN');
    }
    case 'blobs': {
      const body = await layout.blob(reference);
      return body
        ? found(body, 'application/octet-stream', {
            'docker-content-digest': reference,
          })
        : unknown('BLOB_UNKNOWN');
    }
    case 'manifests': {
      const manifest = await layout.manifest(reference);
      return manifest
        ? found(manifest.bytes, manifest.mediaType, {
            'docker-content-digest': manifest.digest,
          })
        : unknown('MANIFEST_UNKNOWN');
    }
    default:
      return referrers(layout, reference, url.searchParams.get('artifactType'));
  }
}

async function referrers(
  layout: OciLayout,
  digest: string,
  artifactType: string | null,
): Promise<Answer> {
  if (!digestPattern.test(digest)) {
    return { status: 400, headers: {}, body: errors('DIGEST_INVALID') };
  }
  const all = await layout.referrers(digest);
  if (!all) return unknown('NAME_UNKNOWN');
  const manifests = artifactType
    ? all.filter(one => one.artifactType === artifactType)
    : all;
  const answer = json(
    { schemaVersion: 2, mediaType: indexType, manifests },
    indexType,
  );
  if (artifactType) answer.headers['oci-filters-applied'] = 'artifactType';
  return answer;
}

function found(
  body: Buffer,
  type: string,
  headers: Record<string, string>,
): Answer {
  return { status: 200, headers: { 'content-type': type, ...headers }, body };
}

function json(value: object, type: string): Answer {
  return found(Buffer.from(JSON.stringify(value)), type, {});
}

function unknown(code: string): Answer {
  return {
    status: 404,
    headers: { 'content-type': 'application/json' },
    body: errors(code),
  };
}

function errors(code: string): Buffer {
  return Buffer.from(
    JSON.stringify({ errors: [{ code, message: code.toLowerCase() }] }),
  );
}
