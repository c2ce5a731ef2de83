// @ts-check

/**
 * Where on an enterprise's GitHub an entity lies, whose attestations may be
 * shown with it. Only a column that may be empty is added, so that replicas of
 * the release before keep working.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('entity_statuses', table => {
    table
      .text('enterprise_repository')
      .comment('host/owner/name that its location names; none on github.com');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('entity_statuses', table => {
    table.dropColumn('enterprise_repository');
  });
};
