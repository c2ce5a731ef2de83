import {
  FINDING_CODES,
  FindingCode,
  statusOfFinding,
} from '@cloudythings/backstage-plugin-sigstore-common';
import createKnex from 'knex';
import { parseArgs } from 'node:util';
import { rebuildEntityStatus } from '../src/publish/rebuildEntityStatus';

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
        const changed = await tx('verdicts')
          .where({ entity_ref: entity, reference })
          .whereNull('superseded_at')
          .update({
            status: statusOfFinding(asFindingCode(finding)),
            findings: JSON.stringify([{ code: finding }]),
          });
        if (changed !== 1) {
          throw new Error(`${entity} has no verdict about ${reference}`);
        }
      }
      return rebuildEntityStatus(tx, entity);
    });
    process.stdout.write(`${JSON.stringify(rollUp)}\n`);
  } finally {
    await knex.destroy();
  }
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
