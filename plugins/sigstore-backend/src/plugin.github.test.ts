import {
  createMockDirectory,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  ArtifactReport,
  entityReportSchema,
} from '@cloudythings/backstage-plugin-sigstore-common';
// A GitHub cannot be asked here; its documented contract is served by tests.
/* eslint-disable @backstage/no-relative-monorepo-imports */
import { GithubServer } from '../../../packages/engine/src/collect/github/__testUtils__/GithubServer';
import {
  casesPresent,
  hashOf,
  readCaseFile,
  signedCases,
} from '../../../packages/engine/src/verify/__testUtils__/signedCases';
/* eslint-enable @backstage/no-relative-monorepo-imports */
import { databaseIds, openEmptyDatabase } from './__testUtils__/databases';
import {
  TestServer,
  asService,
  untilChecked,
} from './__testUtils__/startPlugin';
import { sigstorePlugin } from './plugin';

jest.setTimeout(120_000);

const TOKEN = 'ghp_of-the-integration';

function component(name: string, location: string, reference: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name,
      annotations: {
        'backstage.io/managed-by-location': `url:https://${location}/blob/main/catalog-info.yaml`,
        'sigstore.dev/terraform-plans': reference,
      },
    },
    spec: { owner: 'team-a' },
  };
}

const describeCases = casesPresent ? describe : describe.skip;

describeCases.each(databaseIds)(
  'attestations that a private repository has, on %s',
  id => {
    const files = createMockDirectory();
    let github: GithubServer;
    let server: TestServer;

    beforeAll(async () => {
      const signedCase = signedCases().find(
        one => one.expect === 'verify' && one.id.startsWith('public-good'),
      )!;
      const artifact = readCaseFile(signedCase.artifact);
      const bundle = JSON.parse(readCaseFile(signedCase.bundle).toString());
      files.setContent({ plan: artifact });
      const reference = `file:${files.resolve('plan')}`;
      github = await GithubServer.start();
      github.authorization = `Bearer ${TOKEN}`;
      const attestations = { [hashOf('sha256', artifact)]: [bundle] };
      const secret = { name: 'secret', isPrivate: true, attestations };
      const none = { attestations: {} };
      github.repositories = [
        { id: 1, owner: 'acme', ...secret },
        { id: 2, owner: 'acme', name: 'open', ...none },
        { id: 3, owner: 'platform', ...secret },
      ];
      const reached = { endpoint: github.url, allowPrivateAddress: true };
      const started = await startTestBackend({
        features: [
          sigstorePlugin,
          catalogServiceMock.factory({
            entities: [
              component('own', 'github.com/Acme/secret', reference),
              component('stranger', 'github.com/acme/open', reference),
              component(
                'enterprise',
                'acme.ghe.com/platform/secret',
                reference,
              ),
              component('elsewhere', 'gitlab.com/acme/secret', reference),
            ],
          }),
          mockServices.rootConfig.factory({
            data: {
              integrations: {
                github: [
                  { host: 'github.com', token: TOKEN },
                  {
                    host: 'acme.ghe.com',
                    apiBaseUrl: 'https://api.acme.ghe.com',
                    token: TOKEN,
                  },
                ],
              },
              sigstore: {
                trustedRoots: [{ name: 'public-good', builtIn: 'public-good' }],
                fileRoots: [files.path],
                hosts: [
                  { host: 'api.github.com', ...reached },
                  { host: 'api.acme.ghe.com', ...reached },
                ],
              },
            },
          }),
          mockServices.database.factory({
            knex: await openEmptyDatabase(id),
          }),
        ],
      });
      server = started.server;
      await untilChecked(server);
    });

    afterAll(async () => {
      await server?.close();
      await github?.close();
    });

    const artifactOf = async (name: string): Promise<ArtifactReport> => {
      const path = `/entities/component/default/${name}`;
      const { body } = await asService(server, path);
      return entityReportSchema.parse(body).artifacts[0];
    };
    const found = { answers: { signatureFound: 'yes', evidenceSound: 'yes' } };

    it('are shown with an entity that is kept in it', async () => {
      const own = await artifactOf('own');
      expect(own).toMatchObject(found);
      expect(own.lookups).toContainEqual(
        expect.objectContaining({
          source: 'github.com/acme/secret attestations',
          outcome: 'found',
        }),
      );
    });

    it('are shown with an entity of an enterprise that is kept in it', async () => {
      expect(await artifactOf('enterprise')).toMatchObject(found);
    });

    it.each([
      ['stranger', ['github.com/acme/open attestations']],
      ['elsewhere', []],
    ])(
      'are not shown with others that name the same: %s',
      async (name, asked) => {
        const other = await artifactOf(name);
        expect(other).toMatchObject({ status: 'no-signature' });
        expect(other.lookups.map(({ source }) => source)).toEqual(
          expect.arrayContaining(asked),
        );
        expect(JSON.stringify(other)).not.toContain('secret');
        expect(other.signer).toBeUndefined();
      },
    );
  },
);
