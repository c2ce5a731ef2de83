import {
  Distrust,
  TrustDocument,
  TrustPolicy,
  trustDocumentSchema,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { PolicyWarning, lintPolicies } from './lint';
import { PolicyMistake, TrustPolicyError } from './TrustPolicyError';
import { PatternBudget } from './patternBudget';
import { digestOf } from './policyDigest';
import { PolicyDocument, PolicyFile, readDocuments } from './policyDocuments';
import { describeIssues } from './policyIssues';
import { problemsOf } from './policyMeaning';

/** So many mistakes are named; describing each takes its time. */
const MOST_MISTAKES = 100;

const NOT_LOOKED_AT = {
  field: '',
  problem:
    'there are so many mistakes that from here on nothing was looked at. Correct those above first.',
};

/**
 * What a set of policy files says.
 *
 * @public
 */
export type LoadedPolicies = {
  /** In the order of their names. */
  policies: TrustPolicy[];
  distrusts: Distrust[];
  /** Changes exactly when what they say changes. */
  digest: string;
  /** What can be used, and is probably not what was meant. */
  warnings: PolicyWarning[];
};

/**
 * Reads trust policies, and what withdraws trust, from YAML files with several
 * documents each. All or nothing: one mistake and none of them is used.
 *
 * @param known - names of the trusted roots that are configured (`any` where
 *   that is not known, and the policies are only looked at), and the time that
 *   dates are compared with; without it, nothing is said of dates
 * @throws TrustPolicyError naming every mistake of all files
 * @public
 */
export function loadTrustPolicies(
  files: PolicyFile[],
  known: { trustedRoots: string[] | 'any'; now?: Date },
): LoadedPolicies {
  const mistakes: PolicyMistake[] = [];
  const sources: PolicyDocument[] = [];
  const read: { document: TrustDocument; source: PolicyDocument }[] = [];
  const meant = {
    trustedRoots: known.trustedRoots,
    patterns: new PatternBudget(),
  };
  for (const file of files) {
    const { documents, mistakes: unread } = readDocuments(file);
    mistakes.push(...unread);
    sources.push(...documents);
    for (const source of documents) {
      if (mistakes.length > MOST_MISTAKES) break;
      const document = readDocument(source, meant, mistakes);
      if (document) read.push({ document, source });
    }
  }
  checkNames(sources, mistakes);
  if (mistakes.length > MOST_MISTAKES) {
    const { place } = mistakes[MOST_MISTAKES];
    mistakes.splice(MOST_MISTAKES, Infinity, { ...NOT_LOOKED_AT, place });
  }
  if (mistakes.length > 0) throw new TrustPolicyError(mistakes);
  read.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const documents = read.map(({ document }) => document);
  return {
    policies: documents.filter(one => one.kind === 'TrustPolicy'),
    distrusts: documents.filter(one => one.kind === 'Distrust'),
    digest: digestOf(documents),
    warnings: lintPolicies(read, known),
  };
}

function readDocument(
  source: PolicyDocument,
  meant: Parameters<typeof problemsOf>[1],
  mistakes: PolicyMistake[],
): TrustDocument | undefined {
  const { content } = source;
  const { data, error } = trustDocumentSchema.safeParse(content);
  const ofForm = describeIssues(firstOf(error?.issues ?? []), content).map(
    ({ path, problem }) => source.mistake(path, problem),
  );
  const ofMeaning = problemsOf(content, meant)
    .slice(0, MOST_MISTAKES + 1)
    .map(({ path, problem }) => source.mistake(path, problem))
    .filter(({ field }) => !ofForm.some(mistake => mistake.field === field));
  mistakes.push(...ofForm, ...ofMeaning);
  return data;
}

type Issues = Parameters<typeof describeIssues>[0];

/** So many that what is left out is said. */
function firstOf(issues: Issues): Issues {
  return issues
    .slice(0, MOST_MISTAKES + 1)
    .map(issue =>
      issue.code === 'unrecognized_keys'
        ? { ...issue, keys: issue.keys.slice(0, MOST_MISTAKES + 1) }
        : issue,
    );
}

function nameOf({ document }: { document: TrustDocument }): string {
  return document.metadata.name;
}

/** A verdict says which rule decided by its name. */
function checkNames(sources: PolicyDocument[], mistakes: PolicyMistake[]) {
  const places = new Map<string, string>();
  const path = ['metadata', 'name'];
  for (const source of sources) {
    const name = Object(Object(source.content).metadata).name;
    const earlier = places.get(name);
    if (typeof name !== 'string') continue;
    if (earlier === undefined) {
      places.set(name, source.place(path));
    } else {
      mistakes.push(
        source.mistake(
          path,
          `a document "${name}" is already at ${earlier}. Give each one a name of its own.`,
        ),
      );
    }
  }
}
