import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { names } from '../stack/names.ts';
import { toolsDir, worldDir } from '../stack/paths.ts';
import { stopOnSignal } from '../stack/signals.ts';
import { type Stack, start } from '../stack/stack.ts';
import { releasedTools } from '../stack/tools.ts';
import { upload } from './artifacts.ts';
import { attachBundle, attachedBundle } from './bundleReferrer.ts';
import { Cosign } from './cosign.ts';
import { exportLog } from './exportLog.ts';
import { exportRepository } from './exportRegistry.ts';
import { LateSigner } from './lateSigner.ts';
import { OciRepository } from './ociClient.ts';
import {
  type Evidence,
  type RegistryArtifact,
  registryArtifacts,
  storedPlans,
} from './organization.ts';
import {
  type SigningContext,
  attestProvenance,
  sign,
  signBlob,
} from './signing.ts';
import { planFile } from './plans.ts';
import { writeSigningConfig, writeTrustedRoot } from './trustMaterial.ts';

/**
 * `npm run world:record [-- --out DIR]`: starts a stack, has the organization's
 * artifacts signed with real cosign and writes the recorded half of a world.
 * The signature that comes too late takes eleven minutes, the rest less than two.
 */
const { values } = parseArgs({
  options: { out: { type: 'string', default: worldDir } },
});
const out = path.resolve(values.out);
const report = (line: string) =>
  console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);

await mkdir(toolsDir, { recursive: true });
const workDir = await mkdtemp(path.join(toolsDir, 'record-'));
const recorded = path.join(workDir, 'recorded');
try {
  const stack = await start(path.join(workDir, 'run'), 'core', report);
  const cosign = await Cosign.create(stack.env);
  const cleanUp = async () => {
    await cosign.dispose();
    await stack.stop();
  };
  stopOnSignal(async () => {
    await cleanUp();
    await rm(workDir, { recursive: true, force: true });
  }, false);
  try {
    await record(stack, cosign);
  } finally {
    await cleanUp();
  }
  await mkdir(out, { recursive: true });
  const target = path.join(out, 'recorded');
  await rm(target, { recursive: true, force: true });
  await rename(recorded, target).catch(() =>
    cp(recorded, target, { recursive: true }),
  );
  report(
    `written to ${path.relative(process.cwd(), target)}; the keys are gone`,
  );
} finally {
  await rm(workDir, { recursive: true, force: true });
}

async function record(stack: Stack, cosign: Cosign): Promise<void> {
  await mkdir(recorded, { recursive: true });
  const context: SigningContext = {
    cosign,
    issuerKey: stack.issuerKey,
    trustedRoot: path.join(recorded, 'trusted_root.json'),
    signingConfig: path.join(workDir, 'signing_config.json'),
  };
  await writeTrustedRoot(cosign, stack.dir, context.trustedRoot, stack.logs);
  await writeSigningConfig(cosign, context.signingConfig, 'rekor');

  const late = new LateSigner(stack);
  for (const artifact of registryArtifacts) {
    await upload(stack.loopback.registry, artifact);
    for (const evidence of artifact.evidence) {
      await attach(stack, context, late, artifact, evidence);
    }
    report(`${artifact.repository}:${artifact.tag}`);
  }
  for (const plan of storedPlans) {
    const file = path.join(recorded, 'store', plan.path);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, planFile(plan.actions));
    await signBlob(context, file, `${file}.sigstore.json`, plan.by);
    if (plan.changedAfterSigning)
      await writeFile(file, planFile(plan.changedAfterSigning));
    report(plan.path);
  }
  await late.signAll(report);

  for (const repository of new Set(
    registryArtifacts.map(artifact => artifact.repository),
  )) {
    const folder = path.join(recorded, 'registry', repository);
    await exportRepository(stack.loopback.registry, repository, folder);
  }
  await exportLog(path.join(stack.dir, 'log'), path.join(recorded, 'log'));
  await writeFile(path.join(recorded, 'recording.json'), description());
}

async function attach(
  stack: Stack,
  context: SigningContext,
  late: LateSigner,
  artifact: RegistryArtifact,
  evidence: Evidence,
): Promise<void> {
  const image = `${names.registry}/${artifact.repository}:${artifact.tag}`;
  const repository = new OciRepository(
    stack.loopback.registry,
    artifact.repository,
  );
  switch (evidence.made) {
    case 'signature':
      return sign(context, image, evidence.by, 'bundle');
    case 'legacy-signature':
      return sign(context, image, evidence.by, 'legacy');
    case 'provenance':
      return attestProvenance(context, image, evidence.by, 'bundle');
    case 'legacy-provenance':
      return attestProvenance(context, image, evidence.by, 'legacy');
    case 'late-signature':
      return late.certify(repository, artifact.tag, evidence.by);
    case 'copy-of-signature': {
      const { bundle, predicateType } = await attachedBundle(
        repository,
        evidence.of,
      );
      return attachBundle(repository, artifact.tag, bundle, predicateType);
    }
  }
}

/** What made this recording, and when. */
function description(): string {
  const tools = Object.fromEntries(
    releasedTools.map(({ name, version }) => [name, version]),
  );
  const recordedAt = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  return `${JSON.stringify({ recordedAt, tools }, null, 2)}\n`;
}
