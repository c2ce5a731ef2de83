import { createHash } from 'crypto';
import {
  SAME_REPOSITORY_POLICY,
  TrustPolicy,
  trustPolicySchema,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { json as canonicalJson } from '@sigstore/core';
import { Document, LineCounter, isMap, parseAllDocuments } from 'yaml';
import { canonicalGlob } from './canonicalGlob';
import { describeIssue } from './policyIssues';
import { fillTemplate, matchesWhole, templateNames } from './patterns';

/**
 * A policy file as it was read.
 *
 * @public
 */
export type PolicyFile = { path: string; text: string };

/**
 * A policy that cannot be used; the message names file, line, field and
 * remedy.
 *
 * @public
 */
export class TrustPolicyError extends Error {
  constructor(place: string, problem: string) {
    super(`${place}: ${problem}`);
    this.name = 'TrustPolicyError';
  }
}

/** What one YAML document was read from, for pointing at a line. */
type Source = { path: string; document: Document; lines: LineCounter };
type Path = PropertyKey[];

/**
 * Reads trust policies from YAML files, several documents to a file. All or
 * nothing: one mistake and none of them is used.
 *
 * @param known - names of the trusted roots that are configured
 * @returns policies in the order of their names, and a digest that changes
 *   when what they say changes
 * @throws TrustPolicyError
 * @public
 */
export function loadTrustPolicies(
  files: PolicyFile[],
  known: { trustedRoots: string[] },
): { policies: TrustPolicy[]; digest: string } {
  const places = new Map<string, string>();
  const policies: TrustPolicy[] = [];
  for (const file of files) {
    for (const source of documentsOf(file)) {
      const policy = readPolicy(source);
      checkMeaning(policy, source, known.trustedRoots);
      const { name } = policy.metadata;
      const earlier = places.get(name);
      const place = placeOf(source, ['metadata', 'name']);
      if (earlier) {
        throw new TrustPolicyError(
          place,
          `metadata.name: a policy "${name}" is already at ${earlier}. Give each policy a name of its own.`,
        );
      }
      places.set(name, place);
      policies.push(policy);
    }
  }
  policies.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const canonical = canonicalJson.canonicalize(policies);
  const digest = createHash('sha256').update(canonical).digest('hex');
  return { policies, digest: `sha256:${digest}` };
}

function documentsOf({ path, text }: PolicyFile): Source[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
  });
  if (!Array.isArray(documents)) return [];
  return documents
    .filter(document => document.contents !== null || document.errors.length)
    .map(document => {
      const [error] = document.errors;
      if (error) {
        throw new TrustPolicyError(
          `${path}:${lines.linePos(error.pos[0]).line}`,
          `this is not YAML: ${error.message}`,
        );
      }
      return { path, document, lines };
    });
}

function readPolicy(source: Source): TrustPolicy {
  let content: unknown;
  try {
    content = source.document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new TrustPolicyError(placeOf(source, []), words);
  }
  const result = trustPolicySchema.safeParse(content);
  if (result.success) return result.data;
  const { path, problem } = describeIssue(result.error.issues[0], content);
  throw new TrustPolicyError(placeOf(source, path), problem);
}

function checkMeaning(
  policy: TrustPolicy,
  source: Source,
  trustedRoots: string[],
) {
  const fail = (path: Path, problem: string): never => {
    throw new TrustPolicyError(
      placeOf(source, path),
      `${path.join('.')}: ${problem}`,
    );
  };
  if (policy.metadata.name === SAME_REPOSITORY_POLICY) {
    fail(
      ['metadata', 'name'],
      `"${SAME_REPOSITORY_POLICY}" is the built-in rule. Choose another name.`,
    );
  }
  policy.spec.artifacts.forEach(({ reference }, index) => {
    if (reference === undefined) return;
    const path: Path = ['spec', 'artifacts', index, 'reference'];
    if (templateNames(reference).length > 0) {
      fail(
        path,
        'values are not filled in here. Write the reference, with * and ** where it varies.',
      );
    }
    const canonical = canonicalGlob(reference);
    if (canonical !== reference) {
      fail(
        path,
        `references are never compared in this form. Write ${canonical}`,
      );
    }
  });
  policy.spec.authorities.forEach(({ keyless }, index) => {
    const path: Path = ['spec', 'authorities', index, 'keyless'];
    if (!trustedRoots.includes(keyless.trustedRoot)) {
      fail(
        [...path, 'trustedRoot'],
        `no trusted root "${keyless.trustedRoot}" is configured. Use one of: ${
          trustedRoots.join(', ') || '(none)'
        }.`,
      );
    }
    keyless.identities.forEach((identity, place) => {
      const at = [...path, 'identities', place];
      for (const [field, text] of Object.entries(identity)) {
        const problem = problemOf(field, text);
        if (problem) fail([...at, field], problem);
      }
    });
  });
}

function problemOf(field: string, text: string): string | undefined {
  const names = templateNames(text);
  if (field === 'issuer') {
    return text.includes('{{')
      ? 'values are not filled in here. Write the issuer out.'
      : undefined;
  }
  const unknown = names.find(name => name !== 'repository');
  if (unknown !== undefined) {
    return `there is no value {{ ${unknown} }}. The only one is {{ repository }}.`;
  }
  const filled = fillTemplate(text, { repository: 'owner/name' }, true) ?? text;
  if (filled.includes('{{')) {
    return 'a value in {{ }} is not closed. Write {{ repository }}.';
  }
  if (field !== 'subjectRegExp') return undefined;
  try {
    matchesWhole(filled, '');
    return undefined;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return `this is not a regular expression in RE2 syntax (${words}). Correct it, or use subject for an exact identity.`;
  }
}

/** File and line of a field, or of the nearest part around it that is there. */
function placeOf({ path, document, lines }: Source, field: Path): string {
  for (let length = field.length; length >= 0; length--) {
    const offset = offsetOf(document, field.slice(0, length));
    if (offset !== undefined) return `${path}:${lines.linePos(offset).line}`;
  }
  return path;
}

function offsetOf(document: Document, field: Path): number | undefined {
  const parent = document.getIn(field.slice(0, -1), true);
  if (field.length > 0 && isMap(parent)) {
    const key = String(field[field.length - 1]);
    const pair = parent.items.find(item => String(item.key) === key);
    const range = (pair?.key as { range?: number[] } | undefined)?.range;
    if (range) return range[0];
  }
  const node =
    field.length === 0 ? document.contents : document.getIn(field, true);
  const range = (node as { range?: number[] } | null | undefined)?.range;
  return range?.[0];
}
