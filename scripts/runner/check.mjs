import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { root } from './paths.mjs';
import { waitFor } from './servers.mjs';

/**
 * What a person expects of a world: the rows of its `expected.yaml`.
 *
 * @param {string} worldDir
 */
export function readExpected(worldDir) {
  // Loaded here and not above: before the first install there is no parser.
  const { parse } = createRequire(path.join(root, 'e2e-tests/package.json'))(
    'yaml',
  );
  const text = readFileSync(path.join(worldDir, 'expected.yaml'), 'utf8');
  return parse(text);
}

/**
 * @typedef {{ status: string, findings: string[], signer?: string }} Outcome
 * @typedef {{ entity: string, kind: string, reference: string,
 *   expected: Outcome, found: Outcome, agrees: boolean }} Row
 */

const settled = row => row && row.status !== 'pending';

function entityPath(entityRef) {
  const [, kind, namespace, name] = entityRef.match(/^(.+):(.+)\/(.+)$/);
  return `/api/sigstore/entities/${kind}/${namespace}/${name}`;
}

async function readReports(api, entityRefs) {
  const reports = new Map();
  for (const entityRef of entityRefs)
    reports.set(entityRef, await api.tryGet(entityPath(entityRef)));
  return reports;
}

function findArtifact(reports, { entity, kind, reference }) {
  return reports
    .get(entity)
    ?.artifacts.find(a => a.kind === kind && a.reference === reference);
}

/**
 * Waits until everything that is expected was checked, and compares. Returns a
 * row for each artifact and entity, with what was expected beside what was
 * found; artifacts that nobody expects are rows too.
 *
 * @param {{ api: import('./api.mjs').GuestApi, failed: Promise<never> }} demo
 * @param {{ artifacts: any[], entities: any[] }} expected
 * @returns {Promise<Row[]>}
 */
export async function checkWorld({ api, failed }, expected) {
  const refs = new Set(
    [...expected.artifacts, ...expected.entities].map(row => row.entity),
  );
  const indexed = async () => {
    const flow = await api.tryGet('/api/sigstore/flow');
    if (!flow?.discoveredAt || flow.pending > 0) return undefined;
    const reports = await readReports(api, refs);
    const all = [
      ...expected.artifacts.map(row => findArtifact(reports, row)),
      ...expected.entities.map(row => reports.get(row.entity)),
    ];
    return all.every(settled) ? reports : undefined;
  };
  // What never settles is a row that does not agree, not a reason to fail.
  const reports = await waitFor('the index', indexed, { failed }).catch(
    async error => {
      const partial = await readReports(api, refs);
      if (![...partial.values()].some(Boolean)) throw error;
      return partial;
    },
  );
  return compare(expected, reports);
}

/**
 * Compares expected rows with reports of the plugin.
 *
 * @returns {Row[]}
 */
export function compare(expected, reports) {
  const rows = expected.artifacts.map(row => {
    const found = findArtifact(reports, row);
    return toRow(row, row, outcomeOf(found));
  });
  for (const row of expected.entities)
    rows.push(
      toRow({ entity: row.entity, kind: 'entity', reference: '' }, row, {
        ...nothing,
        status: reports.get(row.entity)?.status ?? 'absent',
      }),
    );
  const known = new Set(expected.artifacts.map(keyOf));
  for (const report of reports.values())
    for (const artifact of report?.artifacts ?? []) {
      const row = { ...artifact, entity: artifact.entityRef };
      if (!known.has(keyOf(row)))
        rows.push(toRow(row, { status: 'not expected' }, outcomeOf(artifact)));
    }
  return rows;
}

const keyOf = row => `${row.entity} ${row.kind} ${row.reference}`;

const nothing = { findings: [] };

function outcomeOf(artifact) {
  if (!artifact) return { ...nothing, status: 'absent' };
  return {
    status: artifact.status,
    findings: artifact.findings.map(({ code }) => code),
    signer: artifact.signer?.identity,
  };
}

/**
 * One line of the comparison. The finding that is expected has to be among
 * those found, since one fault may break several checks; where none is
 * expected, none may be found.
 */
function toRow({ entity, kind, reference }, expected, found) {
  const { status, finding, signer } = expected;
  return {
    ...{ entity, kind, reference, found },
    expected: { status, findings: finding ? [finding] : [], signer },
    agrees:
      status === found.status &&
      (signer ?? undefined) === found.signer &&
      (finding
        ? found.findings.includes(finding)
        : found.findings.length === 0),
  };
}
