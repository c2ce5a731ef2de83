import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { X509Certificate } from '@sigstore/core';
import { names, organization } from '../stack/names.ts';
import { worldDir } from '../stack/paths.ts';
import { releasedTools } from '../stack/tools.ts';
import type { EvidenceDescription } from './describeEvidence.ts';
import { type ManifestDescription, describeWorld } from './describeWorld.ts';
import { mediaTypes } from './mediaTypes.ts';
import { registryArtifacts, storedPlans } from './organization.ts';
import { planFile } from './plans.ts';
import {
  logged,
  shapeOf,
  shapes,
  wantedEvidence,
  wantedSigner,
} from './wantedEvidence.ts';

const world = describeWorld(worldDir);

describe('the recorded registry', () => {
  it('holds the repositories of the organization and no others', () => {
    const wanted = new Set(
      registryArtifacts.map(artifact => artifact.repository),
    );
    assert.deepEqual(Object.keys(world.registry).sort(), [...wanted].sort());
  });

  for (const artifact of registryArtifacts) {
    const { repository, tag, evidence } = artifact;
    const manifests = world.registry[repository];

    it(`${repository}:${tag} is what was built`, () => {
      const manifest = manifests.find(one => one.tag === tag)!;
      assert.deepEqual(shapeOf(manifest), shapes[artifact.kind]);
      const from = [manifest, ...manifest.children].map(
        one => one.annotations?.['org.opencontainers.image.source'],
      );
      assert.deepEqual(
        new Set(from),
        new Set([`https://github.com/${artifact.source}`]),
      );
    });

    it(`${repository}:${tag} has the evidence it should have, and no more`, () => {
      const found = manifests.filter(
        one =>
          one.subject === tag ||
          one.tag === `${tag}.sig` ||
          one.tag === `${tag}.att`,
      );
      const described = found.map(one => evidenceIn(one));
      const wanted = evidence.map(one => wantedEvidence(artifact, one));
      assert.deepEqual(inOrder(described), inOrder(wanted));
    });
  }

  it('holds no manifest that nobody asked for', () => {
    for (const [repository, manifests] of Object.entries(world.registry)) {
      const artifacts = registryArtifacts.filter(
        one => one.repository === repository,
      );
      const evidence = artifacts.flatMap(one => one.evidence);
      assert.equal(
        manifests.length,
        artifacts.length + evidence.length,
        repository,
      );
    }
  });
});

describe('the recorded bundle store', () => {
  it('holds the plans of the organization and their bundles, and nothing else', () => {
    const wanted = storedPlans.flatMap(plan => [
      plan.path,
      `${plan.path}.sigstore.json`,
    ]);
    assert.deepEqual(Object.keys(world.store).sort(), wanted.sort());
  });

  for (const plan of storedPlans) {
    it(`${plan.path} is as it was, or as it was changed, after signing`, () => {
      assert.equal(
        world.store[plan.path],
        planFile(plan.changedAfterSigning ?? plan.actions),
      );
      assert.deepEqual(world.store[`${plan.path}.sigstore.json`], {
        format: mediaTypes.bundle,
        signed: {
          algorithm: 'SHA2_256',
          digest: plan.changedAfterSigning ? 'something else' : plan.path,
        },
        ...wantedSigner(plan.by),
        logs: [logged],
        timestamps: ['inside'],
      });
    });
  }
});

describe('the recorded log', () => {
  const entries = [
    ...registryArtifacts.flatMap(one => one.evidence),
    ...storedPlans.map(() => ({ made: 'signature' })),
  ].filter(
    ({ made }) => !made.startsWith('legacy-') && made !== 'copy-of-signature',
  );

  it('has an entry for every signature that was logged, in tiles', () => {
    assert.deepEqual(world.log, {
      origin: names.rekor,
      size: entries.length,
      files: [
        'checkpoint',
        `tile/0/000.p/${entries.length}`,
        `tile/entries/000.p/${entries.length}`,
      ],
    });
  });
});

describe('the recorded trusted root', () => {
  const root = JSON.parse(
    readFileSync(path.join(worldDir, 'recorded', 'trusted_root.json'), 'utf8'),
  );
  const authorities = [
    ...root.certificateAuthorities,
    ...root.timestampAuthorities,
  ];

  it('gives every authority an explicit start', () => {
    for (const one of [...authorities, ...root.tlogs, ...root.ctlogs]) {
      const start = one.validFor?.start ?? one.publicKey.validFor.start;
      assert.match(start, /^20\d\d-\d\d-\d\dT/);
    }
  });

  it('bears the mark of the demo and lasts at least fifteen years', () => {
    const recordedAt = new Date(
      JSON.parse(
        readFileSync(path.join(worldDir, 'recorded', 'recording.json'), 'utf8'),
      ).recordedAt,
    );
    const needed = new Date(recordedAt);
    needed.setUTCFullYear(needed.getUTCFullYear() + 15);
    for (const { certChain, subject } of authorities) {
      assert.equal(subject.organization, organization);
      for (const { rawBytes } of certChain.certificates) {
        const certificate = X509Certificate.parse(
          Buffer.from(rawBytes, 'base64'),
        );
        assert.ok(certificate.validForDate(needed));
        assert.ok(certificate.subject.includes(organization));
      }
    }
  });

  it('names the tools that the table of the stack names', () => {
    const tools = Object.fromEntries(
      releasedTools.map(tool => [tool.name, tool.version]),
    );
    assert.deepEqual(world.tools, tools);
  });
});

function evidenceIn(manifest: ManifestDescription): EvidenceDescription {
  assert.equal(manifest.layers.length, 1);
  return manifest.layers[0].content as EvidenceDescription;
}

function inOrder<T>(list: T[]): T[] {
  return [...list].sort((a, b) =>
    JSON.stringify(a).localeCompare(JSON.stringify(b), 'en'),
  );
}
