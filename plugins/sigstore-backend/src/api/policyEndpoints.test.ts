import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  PREVIEW_LIMITS,
  policyPreviewSchema,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Knex } from 'knex';
import request from 'supertest';
import { fillFleet } from '../../dev/fleet';
import { openEmptyDatabase } from '../__testUtils__/databases';
import { policyText } from '../__testUtils__/statedEvidence';
import { sigstorePlugin } from '../plugin';

jest.setTimeout(60_000);

const SECRET = 'nobody-keeps-this-word';

describe('POST /policy/preview', () => {
  let knex: Knex;
  let server: Awaited<ReturnType<typeof startTestBackend>>['server'];
  const lines: string[] = [];

  /** Keeps what is logged on all levels, by the backend and by its plugins. */
  const listener = () => {
    const keep = (...words: unknown[]) => lines.push(JSON.stringify(words));
    const logger = { error: keep, warn: keep, info: keep, debug: keep };
    return { ...logger, child: listener };
  };

  beforeAll(async () => {
    knex = await openEmptyDatabase('SQLITE_3');
    ({ server } = await startTestBackend({
      features: [
        sigstorePlugin,
        catalogServiceMock.factory({ entities: [] }),
        mockServices.rootConfig.factory({
          data: { sigstore: { flow: { enabled: false } } },
        }),
        mockServices.database.factory({ knex }),
        createServiceFactory({
          service: coreServices.rootLogger,
          deps: {},
          factory: listener,
        }),
        createServiceFactory({
          service: coreServices.logger,
          deps: {},
          factory: listener,
        }),
      ],
    }));
    const [generation] = await knex('trust_generations');
    await fillFleet(knex, 5, {
      ...generation,
      trustedRoots: JSON.parse(generation.trusted_roots),
      engineRevision: generation.engine_revision,
    });
  });

  const preview = (files: { path: string; text: string }[]) =>
    request(server).post('/api/sigstore/policy/preview').send({ files });

  const everythingStored = async () => {
    const tables: { name: string }[] = await knex('sqlite_master')
      .where({ type: 'table' })
      .select('name');
    const rows = await Promise.all(tables.map(({ name }) => knex(name)));
    return JSON.stringify(rows);
  };

  it('answers with what would change, in the form that is promised', async () => {
    const text = policyText('images', { kind: 'image', signer: 'somebody' });
    const { status, body } = await preview([{ path: 'a.yaml', text }]);
    expect(status).toBe(200);
    const said = policyPreviewSchema.parse(body);
    expect(said).toMatchObject({
      policies: ['images'],
      judged: 15,
      changed: 5,
    });
    expect(said.changes[0].to.status).toBe('unexpected-signer');
  });

  it('neither stores nor logs the text, whether it can be used or not', async () => {
    const before = await everythingStored();
    expect(lines.join('\n')).toContain('Generation 1');
    const used = policyText('a', { signer: SECRET });
    expect((await preview([{ path: 'a', text: used }])).status).toBe(200);
    for (const text of [
      policyText('a', { kind: SECRET }),
      `{ ${SECRET}: [`,
      policyText('a', { more: `${SECRET}: 1` }),
      policyText('a').replace('public-good', SECRET),
    ]) {
      const { status, body } = await preview([{ path: 'a', text }]);
      expect(status).toBe(400);
      expect(body.error.message).toMatch(/^a:\d+: /);
    }
    const unread = await request(server)
      .post('/api/sigstore/policy/preview')
      .set('content-type', 'application/json')
      .send(`{"files":[{"path":"a","text":${SECRET}}]}`);
    expect(unread.status).toBe(400);
    expect(lines.join('\n')).not.toContain(SECRET);
    expect(await everythingStored()).toBe(before);
    expect(before).not.toContain(SECRET);
  });

  it('takes only so much', async () => {
    const { files: count, characters } = PREVIEW_LIMITS;
    const comment = `#${'x'.repeat(characters - 1)}`;
    expect((await preview([{ path: 'a', text: comment }])).status).toBe(200);
    expect((await preview([{ path: 'a', text: `${comment}x` }])).status).toBe(
      400,
    );
    const many = Array.from({ length: count + 1 }, () => ({
      path: 'a',
      text: '',
    }));
    expect((await preview(many)).status).toBe(400);
    expect((await preview(many.slice(1))).status).toBe(200);
  });
});
