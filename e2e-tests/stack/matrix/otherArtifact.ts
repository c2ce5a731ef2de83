import {
  type Manifest,
  type OciRepository,
  describe,
  digestOf,
} from '../../record/ociClient.ts';

/**
 * Attaches to one image what cosign attached to another, as it is: referrers
 * with a new subject, found through the API or the referrers tag, and the older
 * layout's tags under the other digest.
 *
 * @param repository - where the evidence lies
 */
export async function attachToOther(
  { images, from, to }: { images: OciRepository; from: string; to: string },
  repository: OciRepository,
  hasReferrersApi: boolean,
): Promise<void> {
  const [signed, other] = await Promise.all(
    [from, to].map(tag => images.manifest(tag)),
  );
  const { mediaType } = JSON.parse(other.toString()) as Manifest;
  const subject = describe(other, mediaType);
  const tagged = (await repository.tags()).filter(tag =>
    tag.startsWith(digestOf(signed).replace(':', '-')),
  );
  for (const tag of tagged) {
    const copy: Manifest = await manifest(repository, tag);
    const manifests = await Promise.all(
      copy.manifests?.map(({ digest }) =>
        attach(repository, digest, subject),
      ) ?? [],
    );
    await repository.putManifest(
      copy.manifests ? { ...copy, manifests } : copy,
      tag.replace(/^sha256-[0-9a-f]{64}/, subject.digest.replace(':', '-')),
    );
  }
  if (!hasReferrersApi) return;
  for (const { digest } of await repository.referrers(digestOf(signed))) {
    await attach(repository, digest, subject);
  }
}

/** Puts a referrer once more, with another subject; gives how an index lists it. */
async function attach(
  repository: OciRepository,
  digest: string,
  subject: NonNullable<Manifest['subject']>,
): Promise<NonNullable<Manifest['manifests']>[number]> {
  const referrer = await manifest(repository, digest);
  const { artifactType, annotations } = referrer;
  const put = await repository.putManifest({ ...referrer, subject });
  return { ...put, artifactType, annotations };
}

async function manifest(
  repository: OciRepository,
  reference: string,
): Promise<Manifest> {
  return JSON.parse((await repository.manifest(reference)).toString());
}
