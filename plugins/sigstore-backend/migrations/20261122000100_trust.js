// @ts-check

/**
 * Trusted roots that follow their TUF repository, what each generation of
 * policies and trusted roots changed, and further digests of artifacts. Only a table and columns that may be empty
 * are added, so that replicas of the release before keep working.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  /**
   * @param {import('knex').Knex.CreateTableBuilder} table
   * @param {string} name
   */
  const instant = (table, name) => table.dateTime(name, { precision: 3 });

  await knex.schema.createTable('trusted_roots', table => {
    table.comment('What is known of each TUF repository; one row for each');
    table
      .string('id', 64)
      .notNullable()
      .primary()
      .comment('Of mirror, target and what it is first trusted by');
    table.text('mirror').notNullable();
    table.text('target').notNullable();
    table
      .text('metadata')
      .notNullable()
      .comment('JSON: text of verified TUF metadata by file name');
    table.text('content').comment('Text of the last target that can be used');
    instant(table, 'tried_at').notNullable();
    instant(table, 'refreshed_at').comment('Last time it was current');
    instant(table, 'expires_at').comment('Soonest of all its metadata');
    table.text('error').comment('Why the last refresh failed, in words');
    table.integer('revision').notNullable();
  });
  await knex.schema.alterTable('trust_generations', table => {
    table.text('documents').comment('JSON: policies as they were understood');
    table
      .text('changes')
      .comment('JSON: what differs from the generation before');
    table.integer('warnings').comment('How many the policies gave');
  });
  await knex.schema.alterTable('artifacts', table => {
    table
      .text('other_digests')
      .comment('JSON: of the same bytes by other algorithms');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.schema.alterTable('artifacts', table => {
    table.dropColumns('other_digests');
  });
  await knex.schema.alterTable('trust_generations', table => {
    table.dropColumns('documents', 'changes', 'warnings');
  });
  await knex.schema.dropTable('trusted_roots');
};
