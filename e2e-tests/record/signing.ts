import { addressOf } from '../stack/names.ts';
import { personToken, workflowToken } from '../stack/tokens.ts';
import type { Cosign } from './cosign.ts';
import type { Signer } from './organization.ts';
import { provenanceOf } from './provenance.ts';
import { timestampAddress } from './trustMaterial.ts';

/** How a stack is used for signing. */
export interface SigningContext {
  cosign: Cosign;
  issuerKey: string;
  trustedRoot: string;
  signingConfig: string;
}

/** A fresh identity token of a signer. */
export function tokenOf(issuerKey: string, signer: Signer): string {
  return 'run' in signer
    ? workflowToken(issuerKey, signer.run)
    : personToken(issuerKey, signer.person);
}

/** `cosign sign`: a bundle attached as a referrer, or the older tag `.sig`. */
export async function sign(
  context: SigningContext,
  image: string,
  signer: Signer,
  layout: 'bundle' | 'legacy',
): Promise<void> {
  await context.cosign.run(['sign', ...common(context, signer, layout), image]);
}

/** `cosign attest` with SLSA provenance: a bundle, or the older tag `.att`. */
export async function attestProvenance(
  context: SigningContext,
  image: string,
  signer: Extract<Signer, { run: unknown }>,
  layout: 'bundle' | 'legacy',
): Promise<void> {
  const predicate = await context.cosign.file(
    'predicate.json',
    JSON.stringify(provenanceOf(signer.run)),
  );
  await context.cosign.run([
    'attest',
    '--type=slsaprovenance1',
    `--predicate=${predicate}`,
    ...common(context, signer, layout),
    image,
  ]);
}

/** `cosign sign-blob`: writes the bundle of a file. */
export async function signBlob(
  context: SigningContext,
  blob: string,
  bundle: string,
  signer: Signer,
): Promise<void> {
  await context.cosign.run([
    'sign-blob',
    ...common(context, signer, 'bundle'),
    `--bundle=${bundle}`,
    blob,
  ]);
}

function common(
  context: SigningContext,
  signer: Signer,
  layout: 'bundle' | 'legacy',
): string[] {
  return [
    '--yes',
    `--identity-token=${tokenOf(context.issuerKey, signer)}`,
    `--trusted-root=${context.trustedRoot}`,
    ...(layout === 'bundle'
      ? [`--signing-config=${context.signingConfig}`]
      : legacyServices),
  ];
}

/** The older layout takes its services from flags and can do without a log. */
const legacyServices = [
  '--new-bundle-format=false',
  '--use-signing-config=false',
  '--tlog-upload=false',
  `--fulcio-url=${addressOf('fulcio')}`,
  `--timestamp-server-url=${timestampAddress}`,
];
