import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseReference } from '@cloudythings/backstage-plugin-sigstore-common';
import {
  CredentialsError,
  HostCredentials,
  OutboundClient,
  dockerCredentials,
} from '@cloudythings/sigstore-engine';
import { Surroundings } from '../Surroundings';
import { NamedArtifact } from './artifact';
import { VerifyFlags } from './flags';

/**
 * Asks registries as whoever is logged in with Docker, as cosign does. Whoever
 * calls `ct` names the artifact and has the login, so it may be used for it.
 *
 * Looked up is the host that is really asked: a login to a registry is not sent
 * to a mirror of it. What cannot be read is said, and registries are then asked
 * as anybody would: they refuse what nobody else may see.
 *
 * @returns the same client where there is no login
 */
export async function loggedIn(
  outbound: OutboundClient,
  named: NamedArtifact,
  flags: VerifyFlags,
  { env, complain }: Surroundings,
): Promise<OutboundClient> {
  const file = configFile(env);
  if (!flags.dockerCredentials || !file || !existsSync(file)) return outbound;
  const found: HostCredentials[] = [];
  for (const host of registriesOf(named, flags)) {
    try {
      const asked = endpointOf(host, flags) ?? host;
      const credentials = await dockerCredentials(file, asked, { env });
      if (credentials) found.push({ host, credentials });
    } catch (error) {
      if (!(error instanceof CredentialsError)) throw error;
      complain(
        `${error.message}. ${host} is asked without credentials; --no-docker-credentials does without this message.\n`,
      );
    }
  }
  return found.length > 0 ? outbound.withCredentials(found) : outbound;
}

function configFile(env: Surroundings['env']): string | undefined {
  const home = env.HOME ?? env.USERPROFILE;
  const folder = env.DOCKER_CONFIG || (home && join(home, '.docker'));
  return folder ? join(folder, 'config.json') : undefined;
}

function registriesOf(named: NamedArtifact, flags: VerifyFlags): Set<string> {
  const references =
    named.type === 'reference'
      ? [named.canonical, ...flags.signatureRepository]
      : [];
  return new Set(
    references.flatMap(text => {
      const result = parseReference(text);
      return result.ok && result.parsed.type === 'oci'
        ? [result.parsed.host]
        : [];
    }),
  );
}

function endpointOf(host: string, { mirror }: VerifyFlags): string | undefined {
  const start = `${host}=`;
  const rule = mirror.find(text => text.startsWith(start));
  return rule && URL.parse(rule.slice(start.length))?.host;
}
