import { OutboundError } from '../../outbound';
import { SourcePorts } from '../../resolve';
import { CAPS } from '../caps';
import { CollectResult, CollectTarget, EvidenceSource } from '../evidence';
import { Gathering } from '../Gathering';
import { joined } from '../joined';
import { About, relatedTargets } from '../relatedTargets';
import { githubSourceName } from '../sourceNames';
import { GithubApi, GithubRequest } from './GithubApi';
import { AttestationRecord } from './githubAnswers';
import { GithubFacts } from './GithubFacts';
import { GithubInstance } from './GithubInstance';
import { OwnerQuestions } from './OwnerQuestions';
import { readBundles } from './readBundles';

/** Most repositories whose visibility is asked for, for one artifact. */
const MAX_REPOSITORIES = 16;

/** A part of a path that leads nowhere else. */
const NAME = /^(?!\.{1,2}$)[A-Za-z0-9_.-]{1,100}$/;

/** A question to a GitHub: for what a repository has, or an owner in public. */
type Question = { owner: string; repository?: string };

/**
 * Attestations that a GitHub keeps (`actions/attest`), of two kinds:
 *
 * - those of the repository that this reference may show, for everybody who sees
 *   the reference is somebody who may see them;
 * - for an image in GitHub's container registry, those of the public
 *   repositories of its owner, which anybody may see.
 *
 * With the credentials of an integration more could be seen. Of that nothing is
 * used, and nothing is said of it.
 *
 * @public
 */
export function githubSource(instance: GithubInstance): EvidenceSource {
  const api = new GithubApi(instance);
  const questions = new Map<string, OwnerQuestions>();
  let facts: GithubFacts | undefined;
  return {
    name: githubSourceName(instance.host),
    covers: () => true,
    async collect(target, ports) {
      facts ??= new GithubFacts(api, ports.now);
      const asking = { instance, api, facts, questions, ports };
      const results = await Promise.all(
        relatedTargets(target).flatMap(({ about, target: one }) =>
          questionsFor(target, instance).map(question =>
            ask(question, { ...asking, about, target: one }),
          ),
        ),
      );
      return joined(results);
    },
  };
}

/**
 * What an owner has whom nobody here gave credentials for is not looked for, as
 * what lies in a registry that nobody named is not.
 */
const NOT_ASKED: CollectResult = { lookups: [], evidence: [], findings: [] };

type Asking = {
  instance: GithubInstance;
  api: GithubApi;
  facts: GithubFacts;
  questions: Map<string, OwnerQuestions>;
  about: About;
  target: CollectTarget;
  ports: SourcePorts;
};

function questionsFor(
  { reference, repository }: CollectTarget,
  { host, registryHosts }: GithubInstance,
): Question[] {
  const own =
    repository?.host === host &&
    NAME.test(repository.owner) &&
    NAME.test(repository.name)
      ? repository
      : undefined;
  const isImage =
    reference.type === 'oci' && registryHosts.includes(reference.host);
  return [
    ...(own ? [{ owner: own.owner, repository: own.name }] : []),
    ...(isImage ? [{ owner: reference.repository.split('/')[0] }] : []),
  ];
}

async function ask(question: Question, asking: Asking): Promise<CollectResult> {
  const { instance, about, target, ports } = asking;
  const { owner, repository } = question;
  const path = repository ? `${owner}/${repository}` : owner;
  const source = githubSourceName(`${instance.host}/${path}`, about);
  const gathering = new Gathering(source, target, ports.now());
  try {
    const authorization = await authorize(instance, owner);
    if (authorization === undefined && !instance.withoutCredentials) {
      if (owner !== target.repository?.owner) return NOT_ASKED;
      // An app that was uninstalled must not make what it showed look absent.
      throw noCredentials(instance.host, owner);
    }
    const { outbound, signal } = ports;
    const request = { outbound, signal, authorization };
    const records = await recordsOf(question, asking, request, gathering);
    await readBundles(records, instance, ports, gathering);
  } catch (error) {
    gathering.fail(error);
  }
  return gathering.result();
}

async function authorize(
  { host, authorization }: GithubInstance,
  owner: string,
): Promise<string | undefined> {
  try {
    return await authorization(owner);
  } catch (cause) {
    // Its message may hold what must not be shown.
    throw noCredentials(host, owner, cause);
  }
}

function noCredentials(host: string, owner: string, cause?: unknown) {
  const words = `gave the integration of Backstage no credentials for ${owner}`;
  return new OutboundError('refused', host, words, { cause });
}

/** Lists what may be shown: of the repository asked for, or in public ones. */
async function recordsOf(
  { owner, repository }: Question,
  asking: Asking,
  request: GithubRequest,
  gathering: Gathering,
): Promise<AttestationRecord[]> {
  const { facts, instance, target } = asking;
  const kind = await facts.ownerKind(owner, request);
  const own = repository
    ? await facts.repository(`repos/${owner}/${repository}`, request)
    : undefined;
  if (repository && (!kind || !own)) {
    // GitHub says that there is none of what one may not see.
    const words = `does not show ${owner}/${repository} to the integration of Backstage`;
    throw new OutboundError('refused', instance.host, words);
  }
  if (!kind) return [];
  const path = `${kind}/${owner}`;
  const { records, complete } = await ownerQuestions(asking, path).ask(
    target.artifact.digest,
    repository ? `repos/${owner}/${repository}` : path,
    request,
  );
  if (records.some(({ repositoryId }) => repositoryId === undefined)) {
    const words = 'lists an attestation without its repository';
    gathering.fail(new OutboundError('unreachable', instance.host, words));
  }
  // What others have must not take the place of what may be shown.
  const shown = own
    ? records.filter(({ repositoryId }) => repositoryId === own.id)
    : await inPublic(records, asking, request, gathering);
  if (!complete || shown.length > CAPS.examined) {
    gathering.overCap('lists more attestations than are looked at');
  }
  return shown.slice(0, CAPS.examined);
}

function ownerQuestions({ api, questions }: Asking, path: string) {
  const known = questions.get(path) ?? new OwnerQuestions(api, path);
  questions.set(path, known);
  return known;
}

async function inPublic(
  records: AttestationRecord[],
  { facts }: Asking,
  request: GithubRequest,
  gathering: Gathering,
): Promise<AttestationRecord[]> {
  const ids = [...new Set(records.flatMap(one => one.repositoryId ?? []))];
  if (ids.length > MAX_REPOSITORIES) {
    gathering.overCap('lists attestations of more repositories than are read');
  }
  const shown = new Set<number | undefined>();
  for (const id of ids.slice(0, MAX_REPOSITORIES)) {
    try {
      const known = await facts.repository(`repositories/${id}`, request);
      if (known?.isPublic) shown.add(id);
    } catch (error) {
      gathering.failOnPart(error);
    }
  }
  return records.filter(({ repositoryId }) => shown.has(repositoryId));
}
