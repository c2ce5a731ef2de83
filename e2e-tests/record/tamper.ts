import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { names } from '../stack/names.ts';
import type { BundleJson } from './evidenceFile.ts';
import { LayoutEditor } from './layoutEditor.ts';
import { mediaTypes } from './mediaTypes.ts';
import {
  type Change,
  type EvidenceChange,
  changeBundle,
  changeLegacyLayer,
  changes,
  logChanges,
} from './tamperChanges.ts';

/** A row of a world's `expected.yaml`. */
export interface ExpectedRow {
  entity: string;
  kind: string;
  reference: string;
  status: string;
  finding: string | null;
  signer: string | null;
}

/** One change to what one row is about. */
export interface Tampering {
  id: string;
  row: ExpectedRow;
  change: Change;
  /** what the row must say then, from `tamper-expected.yaml` */
  expected: { status: string; finding: string };
}

/**
 * Every change there is: each kind of change to each artifact that is expected
 * to be signed by its expected signer.
 *
 * @param worldDir - folder of the world, with `expected.yaml`
 */
export function tamperings(worldDir: string): Tampering[] {
  const { artifacts } = yaml(path.join(worldDir, 'expected.yaml')) as {
    artifacts: ExpectedRow[];
  };
  const table = yaml(
    path.join(import.meta.dirname, 'tamper-expected.yaml'),
  ) as Record<
    string,
    Partial<Record<Change, { status: string; finding: string }>>
  >;
  return artifacts
    .filter(row => row.status === 'expected-signer')
    .flatMap(row =>
      changes
        .filter(
          change => hasLogEntry(worldDir, row) || !logChanges.includes(change),
        )
        .map(change => {
          const expected = table[row.kind]?.[change] ?? table.any[change];
          if (!expected)
            throw new Error(
              `tamper-expected.yaml says nothing about ${change}`,
            );
          const entity = row.entity.slice(row.entity.indexOf('/') + 1);
          return {
            id: `${entity}.${row.kind}.${change}`,
            row,
            change,
            expected,
          };
        }),
    );
}

/** Applies one change to a copy of a world, in place. */
export function tamper(worldDir: string, { row, change }: Tampering): void {
  if (row.reference.startsWith('https://'))
    tamperWithStored(worldDir, row, change);
  else tamperWithRegistry(worldDir, row, change);
}

function tamperWithStored(
  worldDir: string,
  row: ExpectedRow,
  change: Change,
): void {
  const file = path.join(
    worldDir,
    'recorded',
    'store',
    new URL(row.reference).pathname,
  );
  if (change === 'artifact') {
    appendFileSync(file, '\n');
    return;
  }
  const bundle = `${file}.sigstore.json`;
  const changed = changeBundle(
    JSON.parse(readFileSync(bundle, 'utf8')) as BundleJson,
    change,
  );
  writeFileSync(bundle, JSON.stringify(changed));
}

function tamperWithRegistry(
  worldDir: string,
  row: ExpectedRow,
  change: Change,
): void {
  const { layout, digest } = inRegistry(worldDir, row);
  if (change === 'artifact') {
    const manifest = layout.manifest(digest);
    const annotations = {
      ...manifest.annotations,
      'org.opencontainers.image.vendor': 'Mallory',
    };
    layout.replaceManifest(digest, { ...manifest, annotations });
    return;
  }
  // One sufficient piece of evidence is enough, so every piece is changed.
  for (const evidence of layout.evidenceOf(digest))
    changeEvidence(layout, evidence, change);
}

function changeEvidence(
  layout: LayoutEditor,
  evidence: string,
  change: EvidenceChange,
): void {
  const [layer] = layout.manifest(evidence).layers!;
  const content = layout.blob(layer.digest);
  if (layer.mediaType === mediaTypes.bundle) {
    const bundle = JSON.parse(content.toString()) as BundleJson;
    const changed = changeBundle(bundle, change);
    layout.replaceLayer(evidence, Buffer.from(JSON.stringify(changed)));
    return;
  }
  const changed = changeLegacyLayer(
    { content, annotations: layer.annotations ?? {} },
    change,
  );
  const replaced = changed.content.equals(content)
    ? evidence
    : layout.replaceLayer(evidence, changed.content);
  const manifest = layout.manifest(replaced);
  const layers = [{ ...manifest.layers![0], annotations: changed.annotations }];
  layout.replaceManifest(replaced, { ...manifest, layers });
}

function hasLogEntry(worldDir: string, row: ExpectedRow): boolean {
  if (row.reference.startsWith('https://')) return true;
  const { layout, digest } = inRegistry(worldDir, row);
  return layout
    .evidenceOf(digest)
    .some(
      evidence =>
        layout.manifest(evidence).layers![0].mediaType === mediaTypes.bundle,
    );
}

function inRegistry(
  worldDir: string,
  row: ExpectedRow,
): { layout: LayoutEditor; digest: string } {
  const [repository, tag] = row.reference
    .replace(`${names.registry}/`, '')
    .split(':');
  const layout = new LayoutEditor(
    path.join(worldDir, 'recorded', 'registry', repository),
  );
  return { layout, digest: layout.resolve(tag) };
}

function yaml(file: string): unknown {
  return parse(readFileSync(file, 'utf8'));
}

const usage = `node e2e-tests/record/tamper.ts --world DIR --list
node e2e-tests/record/tamper.ts --world DIR --apply ID --out NEW_DIR`;

function main(): void {
  const { values } = parseArgs({
    options: {
      world: { type: 'string' },
      list: { type: 'boolean' },
      apply: { type: 'string' },
      out: { type: 'string' },
    },
  });
  if (values.world && values.list) {
    for (const { id, row, expected } of tamperings(values.world)) {
      console.log(
        `${id}\t${row.reference}\t${expected.status}\t${expected.finding}`,
      );
    }
    return;
  }
  if (!values.world || !values.apply || !values.out) {
    console.error(usage);
    process.exit(2);
  }
  const wanted = tamperings(values.world).find(({ id }) => id === values.apply);
  if (!wanted) {
    console.error(`There is no change ${values.apply}; --list names them all.`);
    process.exit(2);
  }
  cpSync(values.world, values.out, {
    recursive: true,
    errorOnExist: true,
    force: false,
  });
  tamper(values.out, wanted);
  console.log(
    `${wanted.id}: expect ${wanted.expected.status}, ${wanted.expected.finding}`,
  );
}

if (process.argv[1] === import.meta.filename) main();
