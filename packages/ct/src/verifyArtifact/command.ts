import { Command, InvalidArgumentError, Option } from 'commander';
import { Surroundings } from '../Surroundings';
import { Commands } from '../commands';
import { VerifyFlags } from './flags';

const EXPLANATION = `
Who should have signed is said by --policy, or by an identity and its issuer, or
by --key. Patterns are in RE2 syntax and match the whole text: --certificate-
identity-regexp 'https://github\\.com/acme/.*' is not found somewhere inside an
identity, as it would be by cosign, but must describe all of it.

The artifact is an image (registry.example.com/app:1.0), a file (./plan.json), a
file on a web server (https://…), or a digest (sha256:…) with --bundle. Evidence
comes from --bundle, else from the registry, else from beside the file
(plan.json.sigstore.json).

Exit codes: 0 signed by an expected signer; 1 not as expected; 2 wrong usage, or a
policy, root or key that cannot be used; 3 it could not be checked.

The artifact comes after two dashes, so that a variable in its place is never
taken for an option.

  ct verify artifact \\
    --certificate-identity https://github.com/acme/checkout/.github/workflows/release.yml@refs/heads/main \\
    --certificate-oidc-issuer https://token.actions.githubusercontent.com \\
    -- ghcr.io/acme/checkout:1.4
  ct verify artifact --kind terraform-plan --policy /etc/trust-policies \\
    --reference https://plans.example.com/prod/checkout/plan.json -- ./plan.json`;

/** Adds `ct verify artifact`. */
export function addVerifyArtifact(
  verify: Command,
  surroundings: Surroundings,
  commands: Commands,
  settle: (exitCode: number) => void,
): void {
  verify
    .command('artifact')
    .description('check who signed one artifact')
    .argument('<artifact>', 'image reference, file, or sha256:…')
    .addOption(many('--policy <path>', 'trust policies: a file or a folder'))
    .addOption(
      once(
        '--kind <kind>',
        'what the artifact is, for policies; image where it is in a registry',
      ),
    )
    .addOption(
      once(
        '--reference <reference>',
        'reference under which policies know the artifact, where it is another',
      ),
    )
    .addOption(
      once(
        '--entity-repository <owner/name>',
        'repository on GitHub that {{ repository }} in policies stands for; without a policy, its own workflows are expected',
      ),
    )
    .addOption(
      once(
        '--entity <file>',
        'the entity as the catalog gives it, for policies that select by it',
      ),
    )
    .addOption(once('--certificate-identity <identity>', 'exact identity'))
    .addOption(
      once('--certificate-identity-regexp <pattern>', 'the whole identity'),
    )
    .addOption(once('--certificate-oidc-issuer <url>', 'exact issuer'))
    .addOption(
      once('--certificate-oidc-issuer-regexp <pattern>', 'the whole issuer'),
    )
    .addOption(once('--key <file>', 'public key (PEM) that signed'))
    .addOption(
      many('--predicate-type <type>', 'attestation that must be there'),
    )
    .addOption(
      many('--bundle <file>', 'Sigstore bundle; nothing else is looked for'),
    )
    .addOption(
      many(
        '--signature-repository <repository>',
        'repository that holds the signatures, besides that of the image (COSIGN_REPOSITORY of cosign)',
      ),
    )
    .addOption(
      many(
        '--trusted-root <[name=]file>',
        'trusted_root.json instead of the public Sigstore instance; with the name by which policies call it',
      ),
    )
    .addOption(
      many(
        '--threshold <[name.]kind=n>',
        'how many log entries (transparencyLog), certificate timestamps (certificateTransparency) or attested times (timestamps) a root asks for, where it is not one of each that it offers',
      ),
    )
    .addOption(
      new Option('--output <format>').choices(['text', 'json']).default('text'),
    )
    .option(
      '--trust-workspace',
      'in CI, let policies, roots, keys and the entity come from the checked-out sources',
    )
    .option('--allow-demo-root', 'accept the trusted root of the demo')
    .option(
      '--no-docker-credentials',
      'ask registries as anybody may, not as whoever is logged in with Docker',
    )
    .addOption(many('--allow-host <host>', 'host that may be asked, too'))
    .addOption(
      many(
        '--allow-private-address <host>',
        'host that may be asked, and may be in a private network',
      ),
    )
    .addOption(
      many('--mirror <host=url>', 'where a host is really to be reached'),
    )
    .addHelpText('after', EXPLANATION)
    .action(async (artifact: string, flags: VerifyFlags) => {
      const run = await commands.verifyArtifact();
      settle(await run(artifact, flags, surroundings));
    });
}

/** An option whose value can be given once: no later one replaces it. */
function once(flags: string, description: string): Option {
  const given = { before: false };
  return new Option(flags, description).argParser((value: string) => {
    if (given.before) throw new InvalidArgumentError('It is given twice.');
    given.before = true;
    return value;
  });
}

function many(flags: string, description: string): Option {
  return new Option(flags, description)
    .argParser((value: string, before: string[]) => [...before, value])
    .default([], 'none');
}
