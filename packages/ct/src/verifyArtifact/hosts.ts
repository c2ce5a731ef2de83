import { HostRule, OutboundClient } from '@cloudythings/sigstore-engine';
import { UsageError } from '../UsageError';
import { VerifyFlags } from './flags';

/**
 * Opens the way to the network: the well-known public registries, and what
 * flags allow besides.
 *
 * @throws UsageError
 */
export function openOutbound(flags: VerifyFlags): OutboundClient {
  try {
    return OutboundClient.create({ hosts: hostRules(flags) });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `${
        (error as Error).message
      }. Correct --allow-host, --allow-private-address or --mirror.`,
    );
  }
}

function hostRules(flags: VerifyFlags): HostRule[] {
  const rules = new Map<string, HostRule>();
  const add = (rule: HostRule) =>
    rules.set(rule.host, { ...rules.get(rule.host), ...rule });
  flags.allowHost.forEach(host => add({ host }));
  flags.mirror.forEach(text => {
    const at = text.indexOf('=');
    if (at < 1) {
      throw new UsageError(
        `--mirror ${text} is not HOST=URL. Write it as --mirror registry.example.com=https://mirror.example.com.`,
      );
    }
    const host = text.slice(0, at);
    if (rules.get(host)?.endpoint !== undefined) {
      throw new UsageError(
        `--mirror ${host} is given twice. Give one address for each host.`,
      );
    }
    add({ host, endpoint: text.slice(at + 1) });
  });
  flags.allowPrivateAddress.forEach(host =>
    add({ host, allowPrivateAddress: true }),
  );
  return [...rules.values()];
}
