// @ts-check

/**
 * What is seen running: which questions are asked for which entity, how they
 * were answered, and what was seen. Only tables and columns that may be empty or
 * have a default are added, so that replicas of the release before keep working;
 * they take what only runs for something declared, and end it with the next
 * change of its entity, until it is observed again.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  /**
   * @param {import('knex').Knex.CreateTableBuilder} table
   * @param {string} name
   */
  const instant = (table, name) => table.dateTime(name, { precision: 3 });

  await knex.schema.alterTable('declarations', table => {
    table
      .boolean('declared')
      .notNullable()
      .defaultTo(true)
      .comment('Not of what is only seen running');
    instant(table, 'held_since').comment(
      'Since when the entity has it, declared or running; since where empty',
    );
  });

  await knex.schema.createTable('running_questions', table => {
    table.comment('What observers are asked, for which entities');
    table.increments('id');
    table.text('entity_ref').notNullable();
    table.string('observer', 64).notNullable();
    table.string('observer_title', 255).notNullable();
    table.string('question_id', 32).notNullable();
    table.text('question').notNullable();
    instant(table, 'since').notNullable();
    instant(table, 'dropped_at').comment(
      'Since when the entity no longer leads to it; asked on while something is seen',
    );
    instant(table, 'gone_at');
    table.unique(['entity_ref', 'question_id'], {
      indexName: 'running_questions_current_idx',
      predicate: knex.whereNull('gone_at'),
    });
    table.index(['observer'], 'running_questions_observer_idx');
  });

  await knex.schema.createTable('running_answers', table => {
    table.comment('How observers answered; a row for each change of outcome');
    table.increments('id');
    table.string('observer', 64).notNullable();
    table.string('question_id', 32).notNullable();
    table.text('place').notNullable().comment('Such as a cluster');
    table.string('outcome', 16).notNullable();
    table.text('cause');
    instant(table, 'since').notNullable();
    instant(table, 'asked_at').notNullable();
    instant(table, 'last_good_at');
    instant(table, 'superseded_at');
    table.unique(['question_id', 'place'], {
      indexName: 'running_answers_current_idx',
      predicate: knex.whereNull('superseded_at'),
    });
    table.index(['observer'], 'running_answers_observer_idx');
  });

  await knex.schema.createTable('running_observations', table => {
    table.comment('What was seen running, for which entity, from when to when');
    table.increments('id');
    table.text('entity_ref').notNullable();
    table.string('observer', 64).notNullable();
    table.string('question_id', 32).notNullable();
    table.text('place').notNullable();
    table.string('artifact_id', 32).notNullable();
    table.string('kind', 32).notNullable();
    table.text('reference').notNullable();
    table.text('problem').comment('Why it is not known what runs, in words');
    table.text('workload').comment('What runs it, in words');
    instant(table, 'first_seen_at').notNullable();
    instant(table, 'gone_at');
    table.text('gone_because').comment('What ended it, in words');
    table.unique(['artifact_id', 'question_id', 'place'], {
      indexName: 'running_observations_current_idx',
      predicate: knex.whereNull('gone_at'),
    });
    table.index(['entity_ref'], 'running_observations_entity_idx');
    table.index(['observer'], 'running_observations_observer_idx');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const name of [
    'running_observations',
    'running_answers',
    'running_questions',
  ]) {
    await knex.schema.dropTable(name);
  }
  await knex('declarations').where({ declared: false }).delete();
  await knex.schema.alterTable('declarations', table => {
    table.dropColumns('declared', 'held_since');
  });
};
