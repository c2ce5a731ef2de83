// @ts-check

/**
 * With which credentials a reference is asked, and which tag is its newest
 * release. Only columns that may be empty or have a default are added, so that
 * replicas of the release before keep working: they ask without credentials.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('artifact_references', table => {
    table
      .string('access')
      .notNullable()
      .defaultTo('')
      .comment('Name of the credentials it is asked with; empty for none');
    table
      .string('newest_tag', 128)
      .comment('Tag that the newest release had at the last check');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('artifact_references', table => {
    table.dropColumns('access', 'newest_tag');
  });
};
