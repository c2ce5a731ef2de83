// @ts-check

/**
 * How object stores keep artifacts and the evidence beside them, in a table of
 * its own: replicas of the release before do not know it.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.createTable('object_storage', table => {
    table.comment(
      'How an object store says it keeps what a reference leads to',
    );
    table.string('reference_id', 32).notNullable().primary();
    table
      .string('digest', 71)
      .notNullable()
      .comment('The artifact that was read then');
    table.dateTime('seen_at', { precision: 3 }).notNullable();
    table
      .text('objects')
      .notNullable()
      .comment('JSON: the artifact and its evidence, as the store has them');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.dropTable('object_storage');
};
