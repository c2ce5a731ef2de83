import { Config } from '@backstage/config';
import { RunningArtifactsSource } from '@cloudythings/backstage-plugin-sigstore-node';
import { OutboundClient } from '@cloudythings/sigstore-engine';
import { AddedSources } from '../../../sources/AddedSources';
import { ArgoCdSource } from './ArgoCdSource';
import { readArgoCdConfig } from './readArgoCdConfig';

/**
 * Has the Argo CDs that are configured asked what runs; nothing without any.
 *
 * @throws InputError that names the key and the remedy
 */
export function addArgoCd(
  observers: AddedSources<RunningArtifactsSource>,
  config: Config,
  outbound: OutboundClient,
): void {
  const instances = readArgoCdConfig(config);
  if (instances.length > 0)
    observers.add(new ArgoCdSource(instances, outbound));
}
