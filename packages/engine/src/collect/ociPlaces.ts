import { ParsedReference } from '@cloudythings/backstage-plugin-sigstore-common';
import { OciRepository } from '../resolve/OciRepository';
import { SourcePorts } from '../resolve';
import { CollectResult, CollectTarget } from './evidence';
import { Gathering } from './Gathering';
import { joined } from './joined';
import { relatedTargets } from './relatedTargets';
import { OciQuestion, ociSourceName } from './sourceNames';

/** Most separate repositories that are asked for one artifact. */
const MAX_SEPARATE = 4;

/**
 * A repository that holds the signatures of other repositories, as cosign's
 * COSIGN_REPOSITORY and Tekton Chains' storage.oci.repository make it.
 *
 * @public
 */
export type SignatureRepository = {
  /** A host, or the first part of a repository's path: `ghcr.io/acme`. */
  images: string;
  /** Host and path: `ghcr.io/acme/signatures`. */
  repository: string;
};

/** What is asked of one repository about one artifact. */
export type AskRepository = (
  repository: OciRepository,
  gathering: Gathering,
  target: CollectTarget,
) => Promise<void>;

/**
 * Asks one question of every repository where evidence about an artifact may
 * lie: the artifact's own and those that hold its signatures. Asks it about the
 * indexes that list the artifact, too, since what is signed of them is signed
 * of it. One lookup for each. Never throws.
 */
export async function askRepositories(
  question: OciQuestion,
  context: {
    target: CollectTarget;
    ports: SourcePorts;
    separate: readonly SignatureRepository[];
  },
  ask: AskRepository,
): Promise<CollectResult> {
  const { target, ports, separate } = context;
  const { reference } = target;
  if (reference.type !== 'oci') {
    return { lookups: [], evidence: [], findings: [] };
  }
  const places = [
    { name: reference.host, ...reference },
    ...separateRepositories(reference, separate),
  ];
  const targets = relatedTargets(target);
  const results = await Promise.all(
    places.flatMap(({ name, host, repository }) =>
      targets.map(async ({ about, target: one }) => {
        const source = ociSourceName(name, question, about);
        const gathering = new Gathering(source, one, ports.now());
        try {
          const asked = new OciRepository({ host, repository }, ports);
          await ask(asked, gathering, one);
        } catch (error) {
          gathering.fail(error);
        }
        return gathering.result();
      }),
    ),
  );
  return joined(results);
}

function separateRepositories(
  reference: Extract<ParsedReference, { type: 'oci' }>,
  separate: readonly SignatureRepository[],
) {
  const own = `${reference.host}/${reference.repository}`;
  const names = separate
    .filter(({ images }) => own === images || own.startsWith(`${images}/`))
    .map(({ repository }) => repository)
    .filter(repository => repository !== own);
  return [...new Set(names)].slice(0, MAX_SEPARATE).map(name => {
    const slash = name.indexOf('/');
    return {
      name,
      host: name.slice(0, slash),
      repository: name.slice(slash + 1),
    };
  });
}
