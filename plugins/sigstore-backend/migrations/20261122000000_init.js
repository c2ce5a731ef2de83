// @ts-check

/**
 * History is kept as intervals: a row whose end (`gone_at`, `until` or
 * `superseded_at`) is empty is the current one, and a partial unique index
 * allows only one of those. Columns that hold JSON are read whole and never
 * filtered on.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  /**
   * @param {import('knex').Knex.CreateTableBuilder} table
   * @param {string} name
   */
  const instant = (table, name) => table.dateTime(name, { precision: 3 });

  await knex.schema.createTable('declarations', table => {
    table.comment(
      'Which artifact references an entity declares, and since when',
    );
    table.string('artifact_id', 32).notNullable();
    table.text('entity_ref').notNullable();
    table.string('kind', 32).notNullable();
    table.text('reference').notNullable();
    table.string('reference_id', 32).notNullable();
    table.string('declared_by').notNullable();
    table.text('problem').comment('Why the reference cannot be read, in words');
    table.boolean('running').notNullable().defaultTo(false);
    instant(table, 'since').notNullable();
    instant(table, 'gone_at');
    table.primary(['artifact_id', 'since'], 'declarations_pk');
    table.unique(['artifact_id'], {
      indexName: 'declarations_current_idx',
      predicate: knex.whereNull('gone_at'),
    });
    table.index(['entity_ref'], 'declarations_entity_ref_idx');
    table.index(['reference_id'], 'declarations_reference_id_idx');
  });

  await knex.schema.createTable('artifact_references', table => {
    table.comment('Each reference once: when it is due, and who works on it');
    table.string('id', 32).notNullable().primary();
    table.string('kind', 32).notNullable();
    table.text('reference').notNullable();
    table
      .string('digest', 71)
      .comment('Digest found by the last check, if any');
    table.text('findings').comment('JSON: findings of the last check');
    instant(table, 'created_at').notNullable();
    instant(table, 'checked_at');
    instant(table, 'next_check_at').comment('Empty while nobody declares it');
    instant(table, 'next_judge_at');
    table.integer('judged_generation').notNullable().defaultTo(0);
    table.string('claimed_by', 64);
    instant(table, 'claimed_until');
    table.index(['next_check_at'], 'artifact_references_next_check_at_idx');
    table.index(['next_judge_at'], 'artifact_references_next_judge_at_idx');
    table.index(['judged_generation'], 'artifact_references_generation_idx');
    table.index(['digest'], 'artifact_references_digest_idx');
  });

  await knex.schema.createTable('artifacts', table => {
    table.comment('Immutable bytes that references lead to');
    table.string('digest', 71).notNullable().primary();
    table.text('media_type').notNullable();
    table.bigInteger('size').notNullable();
    table.text('children').notNullable().comment('JSON: manifests of an index');
    instant(table, 'first_seen_at').notNullable();
  });

  await knex.schema.createTable('resolutions', table => {
    table.comment('Which digest a reference led to, from when to when');
    table.string('reference_id', 32).notNullable();
    table.string('digest', 71).notNullable();
    instant(table, 'since').notNullable();
    instant(table, 'until');
    table.primary(['reference_id', 'digest', 'since'], 'resolutions_pk');
    table.unique(['reference_id'], {
      indexName: 'resolutions_current_idx',
      predicate: knex.whereNull('until'),
    });
    table.index(['digest'], 'resolutions_digest_idx');
  });

  await knex.schema.createTable('lookups', table => {
    table.comment('Questions to sources; a row for each change of outcome');
    table.increments('id');
    table
      .string('subject', 32)
      .notNullable()
      .comment('ID of a reference, or "catalog"');
    table.text('source').notNullable();
    table.integer('position').notNullable().comment('Order within one check');
    table.string('outcome', 16).notNullable();
    table.text('cause');
    instant(table, 'since').notNullable();
    instant(table, 'asked_at').notNullable();
    instant(table, 'last_good_at');
    instant(table, 'superseded_at');
    table.index(['subject', 'source'], 'lookups_subject_idx');
    table.unique(['subject', 'source'], {
      indexName: 'lookups_current_idx',
      predicate: knex.whereNull('superseded_at'),
    });
  });

  await knex.schema.createTable('evidence', table => {
    table.comment('Bundles as they were found, named by their own digest');
    table.string('digest', 71).notNullable().primary();
    table.text('media_type').notNullable();
    table.integer('size').notNullable();
    table.binary('bytes').notNullable().comment('Deflated (zlib)');
    instant(table, 'first_seen_at').notNullable();
  });

  await knex.schema.createTable('sightings', table => {
    table.comment('Where evidence was seen, attached to which artifact');
    table.string('evidence_digest', 71).notNullable();
    table.string('artifact_digest', 71).notNullable();
    table.string('reference_id', 32).notNullable();
    table.text('source').notNullable();
    instant(table, 'first_seen_at').notNullable();
    instant(table, 'last_seen_at').notNullable();
    instant(table, 'gone_at');
    table.primary(
      ['evidence_digest', 'artifact_digest', 'reference_id', 'source'],
      'sightings_pk',
    );
    table.index(['reference_id', 'artifact_digest'], 'sightings_reference_idx');
  });

  await knex.schema.createTable('signers', table => {
    table.comment('Trusted root, issuer and identity of everything verified');
    table.string('id', 64).notNullable().primary();
    table.string('trusted_root').notNullable();
    table.text('issuer').notNullable();
    table.text('identity').notNullable();
    table.string('identity_type', 16).notNullable();
    instant(table, 'first_seen_at').notNullable();
  });

  await knex.schema.createTable('facts', table => {
    table.comment('What verification established, or the findings why not');
    table.string('evidence_digest', 71).notNullable();
    table.string('artifact_digest', 71).notNullable();
    table.string('trusted_root').notNullable();
    table.string('profile_digest', 71).notNullable();
    table.string('engine_revision').notNullable();
    table.boolean('sound').notNullable();
    table.string('signer_id', 64);
    instant(table, 'signed_at');
    table.text('predicate_type');
    table.text('verification').notNullable().comment('JSON');
    instant(table, 'verified_at').notNullable();
    table.primary(
      [
        'evidence_digest',
        'artifact_digest',
        'trusted_root',
        'profile_digest',
        'engine_revision',
      ],
      'facts_pk',
    );
    table.index(['artifact_digest'], 'facts_artifact_digest_idx');
    table.index(['signer_id'], 'facts_signer_id_idx');
  });

  await knex.schema.createTable('log_entries', table => {
    table.comment('Where verified signatures are recorded');
    table.text('log_id').notNullable();
    table.string('log_index', 32).notNullable();
    table.string('evidence_digest', 71).notNullable();
    table.string('artifact_digest', 71).notNullable();
    table.string('signer_id', 64).notNullable();
    table.text('entry').notNullable().comment('JSON');
    instant(table, 'recorded_at').notNullable();
    table.primary(
      [
        'log_id',
        'log_index',
        'evidence_digest',
        'artifact_digest',
        'signer_id',
      ],
      'log_entries_pk',
    );
    table.index(['artifact_digest'], 'log_entries_artifact_digest_idx');
    table.index(['signer_id'], 'log_entries_signer_id_idx');
  });

  await knex.schema.createTable('verdicts', table => {
    table.comment('Trust policy applied; a row for each change');
    table.increments('id');
    table.string('artifact_id', 32).notNullable();
    table.text('entity_ref').notNullable();
    table.string('kind', 32).notNullable();
    table.text('reference').notNullable();
    table.string('digest', 71);
    table.string('status', 32).notNullable();
    table.string('mode', 16);
    table.text('findings').notNullable().comment('JSON');
    table.text('detail').notNullable().comment('JSON: the rest of the verdict');
    table.string('input_hash', 64).notNullable();
    table
      .integer('generation')
      .notNullable()
      .comment('Policies and trusted roots');
    instant(table, 'decided_at').notNullable();
    instant(table, 'confirmed_at')
      .notNullable()
      .comment('Last time it came out the same');
    instant(table, 'judge_again_at');
    instant(table, 'superseded_at');
    table.index(['artifact_id'], 'verdicts_artifact_id_idx');
    table.unique(['artifact_id'], {
      indexName: 'verdicts_current_idx',
      predicate: knex.whereNull('superseded_at'),
    });
  });

  await knex.schema.createTable('entity_statuses', table => {
    table.comment('The roll-up of each entity that pages and lists read');
    table.text('entity_ref').notNullable().primary();
    table.string('kind').notNullable();
    table.string('namespace').notNullable();
    table.string('name').notNullable();
    table.text('title');
    table.text('owner');
    table.text('system');
    table.string('lifecycle', 255);
    table
      .text('repository')
      .comment('owner/name on github.com, not self-declared');
    table.text('dependencies').notNullable().comment('JSON: entity refs');
    table.string('entity_hash', 64).notNullable();
    table.string('status', 32).notNullable();
    table.string('mode', 16);
    table.text('counts').notNullable().comment('JSON: artifacts by status');
    table.integer('total').notNullable();
    instant(table, 'decided_at');
    instant(table, 'known_since').notNullable();
    instant(table, 'gone_at');
    table
      .bigInteger('changed_seq')
      .notNullable()
      .comment('Grows with each change of status');
    table.unique(['changed_seq'], {
      indexName: 'entity_statuses_changed_seq_idx',
    });
    table.index(['status'], 'entity_statuses_status_idx');
    table.index(['kind', 'namespace'], 'entity_statuses_kind_idx');
    table.index(['owner'], 'entity_statuses_owner_idx');
    table.index(['system'], 'entity_statuses_system_idx');
    table.index(['lifecycle'], 'entity_statuses_lifecycle_idx');
  });

  await knex.schema.createTable('trust_generations', table => {
    table.comment(
      'Policies and trusted roots as they were loaded, never changed',
    );
    table.integer('generation').notNullable().primary();
    table.string('digest', 64).notNullable();
    table.string('policies_digest', 71).notNullable();
    table
      .text('policies')
      .notNullable()
      .comment('JSON: path and text of each file');
    table
      .text('trusted_roots')
      .notNullable()
      .comment('JSON: name, digest, thresholds');
    table.string('engine_revision').notNullable();
    instant(table, 'loaded_at').notNullable();
    table.string('loaded_by').notNullable().comment('Replica');
  });
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const name of [
    'trust_generations',
    'entity_statuses',
    'verdicts',
    'log_entries',
    'facts',
    'signers',
    'sightings',
    'evidence',
    'lookups',
    'resolutions',
    'artifacts',
    'artifact_references',
    'declarations',
  ]) {
    await knex.schema.dropTable(name);
  }
};
