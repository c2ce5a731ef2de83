import { TrustPolicy } from '@cloudythings/backstage-plugin-sigstore-common';
import { Path } from '../policyIssues';
import { Language } from './language';
import { Linter, ReadDocument } from './Linter';

type Selector = TrustPolicy['spec']['artifacts'][number];

// The forms that parseReference writes, and those with the tag left out before
// a digest; see `coverage.ts`.
const REPOSITORY =
  '(localhost|[a-z0-9-]+(\\.[a-z0-9-]+)+)(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)+';
const TAG = '[A-Za-z0-9_][A-Za-z0-9._-]*';
const DIGEST = 'sha256:[0-9a-f]{64}';
const REFERENCES = [
  `${REPOSITORY}(:${TAG}|(:${TAG})?@${DIGEST}|:${DIGEST})`,
  'https://[^/?#]+(/[^/?#]+)*/?',
  's3://[a-z0-9.-]+(/[^/?#]+)+',
  'file:/?[^/]+(/[^/]+)*',
].join('|');

/** Fields that ingestion sets, or that make it another entity. */
const NOT_CHOSEN = [
  'kind',
  'apiVersion',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'metadata.etag',
  'metadata.annotations.backstage.io/managed-by-location',
  'metadata.annotations.backstage.io/managed-by-origin-location',
];

/** What a policy covers by nothing, and what an entity can leave. */
export function lintSelector(
  linter: Linter,
  read: ReadDocument<TrustPolicy>,
  selector: Selector,
  path: Path,
  policies: ReadDocument<TrustPolicy>[],
) {
  const { kind, reference, entity } = selector;
  const { languages } = linter;
  const covered = coveredBy(linter, reference);
  const references = linter.expression(REFERENCES);
  if (
    covered &&
    references &&
    languages.example(covered, references) === undefined
  ) {
    linter.warn(
      read,
      [...path, 'reference'],
      'reference-impossible',
      `no reference has this form. ${remedyOf(reference ?? '')}`,
    );
  }
  const owned = entity ? fieldsOf(entity).filter(isChosen) : [];
  if (owned.length === 0) return;
  linter.warn(
    read,
    [...path, 'entity'],
    'entity-owned-field',
    `the entity's own file chooses ${owned.join(
      ', ',
    )}, so whoever edits it can leave this policy. Select by kind, metadata.name or metadata.namespace, or by reference, where that is possible.`,
  );
  const hasCatchAll = policies.some(({ document }) =>
    document.spec.artifacts.some(
      other =>
        linter.counts() &&
        other.kind === kind &&
        other.entity === undefined &&
        isWithin(linter, reference, other.reference),
    ),
  );
  if (hasCatchAll) return;
  linter.warn(
    read,
    [...path, 'entity'],
    'no-catch-all',
    `an entity that leaves this policy is under none. Add a policy for ${kind}${
      reference === undefined ? '' : ` with the reference ${reference}`
    } and without entity.`,
  );
}

function remedyOf(reference: string): string {
  if (/^(?!https:|s3:|file:)[a-z0-9+.-]+:\/\//.test(reference)) {
    return 'References are host/path:tag, https://, s3:// or file:. Write the one under which the artifact is declared.';
  }
  return /^[^:@*]+$/.test(reference)
    ? `References of registries end in a tag or a digest. Write ${reference}:* for all of them.`
    : 'Write it as artifacts are declared, such as ghcr.io/acme/checkout:*, with * or ** where it varies.';
}

/** The references that a glob matches. */
export function coveredBy(
  linter: Linter,
  glob: string | undefined,
): Language | undefined {
  const { languages } = linter;
  if (glob === undefined) return languages.everything;
  const anything = languages.everything;
  const noSlash = linter.expression('[^/]*');
  if (!noSlash) return undefined;
  const parts = glob.split(/(\*\*|\*)/).map(part => {
    if (part === '**') return anything;
    return part === '*' ? noSlash : languages.text(part);
  });
  return languages.sequence(...parts);
}

/** Whether a glob covers no more than another. */
export function isWithin(
  linter: Linter,
  inner: string | undefined,
  outer: string | undefined,
): boolean {
  if (outer === undefined || inner === outer) return true;
  if (inner !== undefined && !outer.includes('*')) return false;
  const [one, other] = [coveredBy(linter, inner), coveredBy(linter, outer)];
  return !!one && !!other && linter.languages.within(one, other);
}

/** Fields that a predicate looks at. */
function fieldsOf(predicate: object): string[] {
  return Object.entries(predicate).flatMap(([key, value]) => {
    if (!key.startsWith('$')) return [key];
    const inner = Array.isArray(value) ? value : [value];
    return inner.flatMap(one =>
      typeof one === 'object' && one !== null ? fieldsOf(one) : [],
    );
  });
}

function isChosen(field: string): boolean {
  return !NOT_CHOSEN.some(name => name.toLowerCase() === field.toLowerCase());
}
