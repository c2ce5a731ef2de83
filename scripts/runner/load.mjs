import { Problem } from './problem.mjs';

const requests = 12_000;
const atOnce = 8;

/**
 * Keeps a running demo busy for about a minute with a fixed number of
 * requests for pages of the catalog and of the plugin. A database driver that
 * does not suit this Node takes the whole process down within half that time.
 * Throws a Problem on the first answer that is not a success.
 */
export async function keepBusy({ api, url, failed }, entityRefs) {
  const paths = entityRefs.flatMap(ref => {
    const [kind, namespace, name] = ref.split(/[:/]/);
    return [
      `/api/sigstore/entities/${kind}/${namespace}/${name}`,
      `/api/catalog/entities/by-name/${kind}/${namespace}/${name}`,
      '/api/catalog/entities/by-query?limit=20',
    ];
  });
  let sent = 0;
  const sender = async () => {
    while (sent < requests) {
      const path = paths[sent++ % paths.length];
      const status = await api.status(path);
      if (status !== 200)
        throw new Problem(`${url}${path} answered ${status} under load`);
    }
  };
  await Promise.race([
    Promise.all(Array.from({ length: atOnce }, sender)),
    failed,
  ]);
  return requests;
}
