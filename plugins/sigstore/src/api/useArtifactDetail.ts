import { useApi } from '@backstage/core-plugin-api';
import {
  ArtifactDetail,
  ArtifactReport,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { useEffect, useRef } from 'react';
import { sigstoreApiRef } from './sigstoreApi';
import { Read, useRead } from './useRead';

/**
 * Reads what the tab shows of one artifact, and again when the card's row of it
 * changed.
 *
 * @param artifact - the row as it was read last
 */
export function useArtifactDetail(
  artifact: ArtifactReport,
): Read<ArtifactDetail> {
  const api = useApi(sigstoreApiRef);
  const { entityRef, id, checkedAt, decidedAt } = artifact;
  const read = useRead(`${entityRef} ${id}`, signal =>
    api.getArtifactDetail(entityRef, id, { signal }),
  );
  const { reload } = read;
  const stamp = `${id} ${checkedAt} ${decidedAt}`;
  const seen = useRef(stamp);
  useEffect(() => {
    const isSameArtifact = seen.current.startsWith(`${id} `);
    const isNewer = seen.current !== stamp;
    seen.current = stamp;
    if (isSameArtifact && isNewer) reload();
  }, [id, stamp, reload]);
  return read;
}
