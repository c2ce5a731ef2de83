import assert from 'node:assert/strict';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Cosign } from '../record/cosign.ts';
import { describeBundle } from '../record/describeEvidence.ts';
import {
  writeSigningConfig,
  writeTrustedRoot,
} from '../record/trustMaterial.ts';
import { logged, wantedSigner } from '../record/wantedEvidence.ts';
import { storedPlans } from '../record/organization.ts';
import { signBlob } from '../record/signing.ts';
import { databaseAnswers } from './database.ts';
import { addressOf } from './names.ts';
import { type Stack, start } from './stack.ts';
import { isAlive } from './state.ts';
import { personToken } from './tokens.ts';

describe('the stack', () => {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'stack-'));
  const dir = path.join(scratch, 'run');
  const ready: string[] = [];
  let stack: Stack;
  let cosign: Cosign;

  before(async () => {
    stack = await start(dir, 'whole', line => ready.push(line));
    cosign = await Cosign.create(stack.env);
  });
  after(async () => {
    await cosign.dispose();
    await stack.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  const file = (name: string) => path.join(scratch, name);
  const context = async () => {
    const trustedRoot = file('trusted_root.json');
    const signingConfig = file('signing_config.json');
    await writeTrustedRoot(cosign, dir, trustedRoot, stack.logs);
    await writeSigningConfig(cosign, signingConfig, 'rekor');
    return { cosign, issuerKey: stack.issuerKey, trustedRoot, signingConfig };
  };

  it('says what is ready, by its real name', async () => {
    const hasDatabase = await databaseAnswers();
    assert.deepEqual(ready, [
      'ready: ct-log as https://ctfe.acme.example/2026',
      'ready: fulcio as https://fulcio.acme.example',
      'ready: rekor as https://log2026-1.rekor.acme.example',
      'ready: timestamp-server as https://tsa.acme.example',
      'ready: registry as https://registry.acme.example',
      'ready: distribution as https://images.acme.example',
      'ready: versitygw as https://s3.acme.example',
      ...(hasDatabase
        ? [
            'ready: trillian as cloudythings_stack',
            'ready: rekor-v1 as https://rekor.acme.example',
          ]
        : ['absent: rekor-v1, because no database answers']),
      'ready: TUF repository as https://tuf.acme.example',
    ]);
  });

  it('publishes its trusted root in a TUF repository that cosign follows', async () => {
    const root = path.join(dir, 'tuf', '1.root.json');
    await cosign.run([
      'initialize',
      `--mirror=${addressOf('tuf')}`,
      `--root=${root}`,
    ]);
    const [blob, bundle] = [file('tuf.json'), file('tuf.bundle')];
    writeFileSync(blob, '{}');
    const person = 'jane@acme.example';
    await signBlob(await context(), blob, bundle, { person });
    await cosign.run([
      'verify-blob',
      '--use-signed-timestamps',
      `--bundle=${bundle}`,
      `--certificate-identity=${person}`,
      `--certificate-oidc-issuer=${addressOf('personIssuer')}`,
      blob,
    ]);
  });

  it('signs for a workflow: every claim in the certificate, an entry in the log, a timestamp', async () => {
    const blob = file('plan.json');
    writeFileSync(blob, '{}');
    const { by } = storedPlans[0];
    await signBlob(await context(), blob, file('bundle.json'), by);
    const bundle = JSON.parse(readFileSync(file('bundle.json'), 'utf8'));
    const { signed: _, ...evidence } = describeBundle(bundle, () => 'the plan');
    assert.deepEqual(evidence, {
      format: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      ...wantedSigner(by),
      logs: [logged],
      timestamps: ['inside'],
    });
  });

  it('refuses a token that its issuers did not sign', async () => {
    const [head, claims, signature] = personToken(
      stack.issuerKey,
      'jane@acme.example',
    ).split('.');
    const forged = Buffer.from(claims, 'base64url')
      .toString()
      .replace('jane', 'john');
    const token = [
      head,
      Buffer.from(forged).toString('base64url'),
      signature,
    ].join('.');
    await assert.rejects(
      cosign.run([
        'sign-blob',
        '--yes',
        `--identity-token=${token}`,
        `--signing-config=${file('signing_config.json')}`,
        `--trusted-root=${file('trusted_root.json')}`,
        `--bundle=${file('forged.json')}`,
        file('plan.json'),
      ]),
      /identity token/,
    );
  });

  it('leaves no process and no key behind', async () => {
    const processes = Object.values(stack.processes);
    assert.ok(processes.every(isAlive));
    assert.ok(readdirSync(dir).some(name => name.endsWith('.key')));
    await stack.stop();
    assert.deepEqual(processes.filter(isAlive), []);
    assert.equal(existsSync(dir), false);
  });
});
