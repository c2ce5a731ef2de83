// @ts-check

/**
 * Evidence of the index that lists a platform image, and of the platform images
 * that an index lists. Only columns that may be empty are added, so that
 * replicas of the release before keep working: they do not see such evidence.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.schema.alterTable('sightings', table => {
    table
      .string('for_digest', 71)
      .comment('The artifact it was collected for, where that is another one');
    table
      .string('relation', 16)
      .comment(
        'What artifact_digest is to for_digest: its index, or a platform',
      );
    table
      .string('gone_because', 16)
      .comment(
        'not-asked: nobody looks there any more; else it was looked for',
      );
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex('sightings').whereNotNull('for_digest').delete();
  await knex.schema.alterTable('sightings', table => {
    table.dropColumns('for_digest', 'relation', 'gone_because');
  });
};
