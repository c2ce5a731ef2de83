// @ts-check

/**
 * What judging reads, in a form that can be read for many artifacts at once.
 * Only columns that may be empty are added, so that replicas of the release
 * before keep working; rows that they wrote are filled when they are judged
 * next.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('entity_statuses', table => {
    table
      .text('document')
      .comment('JSON: the entity, for policies that select by it');
    table
      .text('chosen_repository')
      .comment('owner/name on github.com, as the entity says itself');
  });
  await knex.schema.alterTable('facts', table => {
    table
      .text('judging')
      .comment('JSON: the part of the verification that judging reads');
  });
  await knex.schema.alterTable('verdicts', table => {
    table
      .string('line_id', 32)
      .comment('Entity, kind and reference without its version');
    table.string('signer_id', 64).comment('Who signed, where that is known');
    table.index(['line_id', 'id'], 'verdicts_line_idx', {
      predicate: knex.whereNotNull('signer_id'),
    });
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('verdicts', table => {
    table.dropIndex(['line_id', 'id'], 'verdicts_line_idx');
    table.dropColumns('line_id', 'signer_id');
  });
  await knex.schema.alterTable('facts', table => {
    table.dropColumn('judging');
  });
  await knex.schema.alterTable('entity_statuses', table => {
    table.dropColumns('document', 'chosen_repository');
  });
};
