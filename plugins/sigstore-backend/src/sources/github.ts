import { LoggerService } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  DefaultGithubCredentialsProvider,
  GithubCredentialsProvider,
  GithubIntegrationConfig,
  ScmIntegrations,
} from '@backstage/integration';
import { GithubInstance, OutboundClient } from '@cloudythings/sigstore-engine';

import { AccessRule } from '../access/AccessRule';

const KEY = 'sigstore.sources.github';
const PUBLIC = 'github.com';

/** Where each GitHub keeps images and bundles that is not an enterprise's. */
const OF_PUBLIC = {
  registryHosts: ['ghcr.io'],
  bundleHosts: ['tmaproduction.blob.core.windows.net'],
};

/**
 * Tells which GitHubs are asked for attestations: those of Backstage's GitHub
 * integrations that have credentials, or all where that is wished for. The API
 * of an enterprise is asked once its host is allowed; until then the log says
 * what to do, because evidence that lies there is not found.
 *
 * Credentials are the integrations' own: of a GitHub App, the installation of
 * the owner that is asked about; else the token.
 *
 * @param config - the root configuration
 * @param outbound - tells which hosts are allowed
 * @throws InputError that names the key and the remedy
 */
export function githubInstances(
  config: Config,
  outbound: Pick<OutboundClient, 'allows'>,
  logger: Pick<LoggerService, 'warn'>,
): GithubInstance[] {
  if (config.getOptionalBoolean(`${KEY}.enabled`) === false) return [];
  const withoutCredentials =
    config.getOptionalBoolean(`${KEY}.withoutCredentials`) ?? false;
  const bundleHosts = readBundleHosts(config, outbound);
  const integrations = ScmIntegrations.fromConfig(config);
  const provider =
    DefaultGithubCredentialsProvider.fromIntegrations(integrations);
  return integrations.github
    .list()
    .map(integration => integration.config)
    .flatMap(({ host, apiBaseUrl, ...credentials }) => {
      const isAsked = withoutCredentials || hasCredentials(credentials);
      if (!isAsked || !apiBaseUrl) return [];
      if (!outbound.allows(apiBaseUrl)) {
        logger.warn(
          `${host} is not asked for attestations: its API, ${apiBaseUrl}, is not on an allowed host. Add the host to sigstore.hosts, or set ${KEY}.enabled to false`,
        );
        return [];
      }
      return [
        {
          host,
          apiUrl: apiBaseUrl,
          ...(host === PUBLIC
            ? OF_PUBLIC
            : { registryHosts: [`containers.${host}`], bundleHosts }),
          withoutCredentials,
          authorization: (owner: string) =>
            authorizationFor(provider, `https://${host}/${owner}`),
        },
      ];
    });
}

/**
 * What each GitHub's repositories have is only shown with entities that are kept
 * in them: that is where the integration read these from.
 */
export function repositoryRules(
  githubs: readonly Pick<GithubInstance, 'host'>[],
): AccessRule[] {
  return githubs.map(({ host }) => ({
    name: `repositories of ${host}`,
    grants: [],
    repositoriesOf: host,
  }));
}

function hasCredentials({
  token,
  apps = [],
}: Pick<GithubIntegrationConfig, 'token' | 'apps'>): boolean {
  return token !== undefined || apps.length > 0;
}

async function authorizationFor(
  provider: GithubCredentialsProvider,
  url: string,
): Promise<string | undefined> {
  const { token } = await provider.getCredentials({ url });
  return token ? `Bearer ${token}` : undefined;
}

function readBundleHosts(
  config: Config,
  outbound: Pick<OutboundClient, 'allows'>,
): string[] {
  const hosts = config.getOptionalStringArray(`${KEY}.bundleHosts`) ?? [];
  hosts.forEach((host, index) => {
    const url = URL.parse(`https://${host}`);
    const key = `${KEY}.bundleHosts[${index}]`;
    if (url?.host !== host) {
      throw new InputError(
        `${key}: "${host}" is not a host; write it as bundles.example.com`,
      );
    }
    if (!outbound.allows(url.href)) {
      throw new InputError(
        `${key}: ${host} is not an allowed host; add it to sigstore.hosts`,
      );
    }
  });
  return hosts;
}
