import { CollectTarget } from '@cloudythings/sigstore-engine';

const REPOSITORY = /^([^/@]+)\/([^/@]+)\/([^/@]+)$/;

/**
 * What makes one stored reference another than the same reference of somebody
 * else: with which credentials it is asked, and whose evidence it may show.
 */
export type ReferenceAccess = {
  /** Name of the credentials; empty for none. */
  credentials: string;
  repository?: CollectTarget['repository'];
};

/** Writes an access down; the same text for the same access, empty for everybody's. */
export function writeAccess({
  credentials,
  repository,
}: ReferenceAccess): string {
  if (!repository) return credentials;
  const { host, owner, name } = repository;
  // GitHub does not tell upper from lower case.
  return `${credentials}@${`${host}/${owner}/${name}`.toLowerCase()}`;
}

/** Reads what `writeAccess` wrote. */
export function readAccess(access: string): ReferenceAccess {
  const [credentials, written = ''] = access.split('@');
  const [, host, owner, name] = REPOSITORY.exec(written) ?? [];
  return host
    ? { credentials, repository: { host, owner, name } }
    : { credentials };
}
