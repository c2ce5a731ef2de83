import {
  FINDING_CODES,
  FindingCode,
} from '@cloudythings/backstage-plugin-sigstore-common';
import createKnex, { Knex } from 'knex';
import { parseArgs } from 'node:util';
import { rebuildEntityStatus } from '../src/publish/rebuildEntityStatus';
import { declarationsOfEntities } from '../src/store/declarations';
import { saveVerdicts } from '../src/store/savedVerdicts';
import { readVerdicts } from '../src/store/verdicts';
import { changedVerdict } from './changedVerdict';

/**
 * Shows that pages say what is stored: computes the roll-up of one entity anew
 * from its stored verdicts and, if asked to, changes one of those first. Works
 * on the SQLite file of a backend whose flow is switched off.
 *
 *   node --require @backstage/cli/config/nodeTransform.cjs dev/rebuild.ts \
 *     --database FILE --entity component:default/checkout \
 *     [--reference registry.example.com/checkout:1.0 --finding no-signature]
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      database: { type: 'string' },
      entity: { type: 'string' },
      reference: { type: 'string' },
      finding: { type: 'string' },
    },
  });
  const { database, entity, reference, finding } = values;
  if (!database || !entity || !reference !== !finding) {
    throw new Error(
      'Usage: rebuild.ts --database FILE --entity REF [--reference REFERENCE --finding CODE]',
    );
  }
  const knex = createKnex({
    client: 'better-sqlite3',
    connection: { filename: database },
    useNullAsDefault: true,
  });
  try {
    const rollUp = await knex.transaction(async tx => {
      if (reference && finding) {
        await changeVerdict(tx, entity, reference, asFindingCode(finding));
      }
      return rebuildEntityStatus(tx, entity);
    });
    process.stdout.write(`${JSON.stringify(rollUp)}\n`);
  } finally {
    await knex.destroy();
  }
}

/** Stores the changed verdict the way the flow stores one. */
async function changeVerdict(
  tx: Knex.Transaction,
  entity: string,
  reference: string,
  code: FindingCode,
): Promise<void> {
  const declarations = await declarationsOfEntities(tx, [entity]);
  const declaration = declarations.find(one => one.reference === reference);
  const artifactId = declaration?.artifactId;
  const stored =
    artifactId && (await readVerdicts(tx, [artifactId])).get(artifactId);
  if (!declaration || !stored) {
    throw new Error(`${entity} has no verdict about ${reference}`);
  }
  const basis = await tx('verdicts')
    .where({ id: stored.id })
    .first('input_hash', 'generation');
  const decided = {
    declaration,
    verdict: changedVerdict(stored, code),
    digest: stored.digest,
    inputHash: () => basis.input_hash,
  };
  await saveVerdicts(tx, [decided], basis.generation, new Date());
}

function asFindingCode(text: string): FindingCode {
  const code = FINDING_CODES.find(known => known === text);
  if (!code) throw new Error(`"${text}" is not a finding code`);
  return code;
}

main().catch(error => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
