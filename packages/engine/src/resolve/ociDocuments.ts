import { z } from 'zod/v4';
import { OutboundError } from '../outbound';

export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
const DOCKER_INDEX =
  'application/vnd.docker.distribution.manifest.list.v2+json';
const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

/** What is asked for where an artifact may be one image or many. */
export const MANIFEST_TYPES = [
  OCI_INDEX,
  OCI_MANIFEST,
  DOCKER_INDEX,
  DOCKER_MANIFEST,
].join(', ');

const descriptorSchema = z.object({
  mediaType: z.string().max(255),
  digest: z.string().max(200),
  size: z.number().int().min(0),
  artifactType: z.string().max(255).nullish(),
  annotations: z.record(z.string(), z.string()).nullish(),
  platform: z
    .object({
      os: z.string(),
      architecture: z.string(),
      variant: z.string().nullish(),
    })
    .nullish(),
});

/** Points at a manifest or a blob, by digest. */
export type Descriptor = z.infer<typeof descriptorSchema>;

// One entry that nobody could make sense of must not hide the others.
const listSchema = z
  .array(descriptorSchema.nullable().catch(null))
  .transform(all => ({
    read: all.filter(entry => entry !== null),
    unread: all.filter(entry => entry === null).length,
  }));

const manifestSchema = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.string().nullish(),
  artifactType: z.string().max(255).nullish(),
  config: descriptorSchema.nullish(),
  layers: listSchema,
});

/** An image manifest; also what carries a signature in OCI. */
export type OciManifest = {
  artifactType?: string | null;
  config?: Descriptor | null;
  layers: Descriptor[];
  /** How many more layers it has whose entries cannot be read. */
  unread: number;
};

const indexSchema = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.string().nullish(),
  manifests: listSchema,
  annotations: z.record(z.string(), z.unknown()).nullish().catch(undefined),
});

/** A list of manifests: the platforms of an image, or the referrers of one. */
export type OciIndex = {
  manifests: Descriptor[];
  /** How many more it lists whose entries cannot be read. */
  unread: number;
  annotations: Record<string, unknown>;
};

/** What a manifest request gave, read. */
export type OciDocument =
  | { type: 'manifest'; mediaType: string; manifest: OciManifest }
  | { type: 'index'; mediaType: string; index: OciIndex };

/**
 * Reads the bytes of a manifest or index.
 *
 * The media type written in the document counts, since that is what its digest
 * covers; the header only where there is none. A document that could be read
 * as both is refused (CVE-2021-41190).
 *
 * @param confirmed - whether the bytes are known to be what is stored, so that
 * broken ones are a format and not a disturbed answer
 * Throws `OutboundError` (`unreachable`, `unsupported`).
 */
export function readOciDocument(
  bytes: Buffer,
  context: { host: string; contentType?: string; confirmed: boolean },
): OciDocument {
  const { host, confirmed } = context;
  const header = context.contentType?.split(';')[0].trim();
  const json = parseObject(bytes);
  if (!json) {
    const words = `answered with something that is not a manifest (${
      header || 'no media type'
    })`;
    throw new OutboundError(
      confirmed ? 'unsupported' : 'unreachable',
      host,
      words,
    );
  }
  const written = typeof json.mediaType === 'string' ? json.mediaType : '';
  const mediaType = written || header || '';
  const unsupported = () =>
    new OutboundError(
      'unsupported',
      host,
      `holds a manifest that is not read (media type ${
        mediaType || 'unknown'
      })`,
    );
  if ('layers' in json && 'manifests' in json) throw unsupported();
  if (mediaType === OCI_INDEX || mediaType === DOCKER_INDEX) {
    const result = indexSchema.safeParse(json);
    if (result.success) {
      const { manifests, annotations } = result.data;
      const { read, unread } = manifests;
      const index = { manifests: read, unread, annotations: annotations ?? {} };
      return { type: 'index', mediaType, index };
    }
  } else if (mediaType === OCI_MANIFEST || mediaType === DOCKER_MANIFEST) {
    const result = manifestSchema.safeParse(json);
    if (result.success) {
      const { layers, artifactType, config } = result.data;
      const { read, unread } = layers;
      const manifest = { artifactType, config, layers: read, unread };
      return { type: 'manifest', mediaType, manifest };
    }
  }
  throw unsupported();
}

function parseObject(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    const json = JSON.parse(bytes.toString('utf8'));
    return json && typeof json === 'object' && !Array.isArray(json)
      ? json
      : undefined;
  } catch {
    return undefined;
  }
}

const tagsSchema = z.object({
  // Null where a repository is empty.
  tags: z.array(z.string().regex(/^[\w][\w.-]{0,127}$/)).nullish(),
});

/** Reads a list of tags. Throws `OutboundError` for anything else. */
export function readTags(body: Buffer, host: string): string[] {
  try {
    return tagsSchema.parse(JSON.parse(body.toString('utf8'))).tags ?? [];
  } catch {
    const words = 'answered with a list of tags that cannot be read';
    throw new OutboundError('unreachable', host, words);
  }
}
