import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Cosign } from '../record/cosign.ts';
import { databaseAnswers } from './database.ts';
import { inParallel } from './matrix/inParallel.ts';
import { type BackendAnswer, backendAnswers } from './matrix/backendAnswers.ts';
import type { PublicKeys } from './matrix/backendConfig.ts';
import { type Case, asSigned, casesOf } from './matrix/cases.ts';
import {
  type CosignAnswer,
  cosignAnswer,
  logIndexOf,
} from './matrix/cosignAnswer.ts';
import { differenceOf, differences } from './matrix/differences.ts';
import { fingerprint, publicKey, signingMeans } from './matrix/means.ts';
import { type Signed, signFor } from './matrix/signFor.ts';
import { ways } from './matrix/ways.ts';
import { type Stack, start } from './stack.ts';

const hasDatabase = await databaseAnswers();
const run = ways.filter(({ log }) => hasDatabase || log !== 'rekorV1');
const cases = casesOf(run);

/** What is said of what cosign refuses: why, and never that nothing is known. */
function refusal({ asks, way }: Case): string[] {
  if (asks === 'an entry in a log') return ['evidence-incomplete'];
  // What only a log search found never contradicts anything.
  if (way.place === 'log') return ['no-signature'];
  if (asks !== 'another artifact') return ['unexpected-signer'];
  const refusals = ['no-signature', 'evidence-mismatch'];
  // The configuration has roots besides, and those know no key.
  return way.by === 'key' ? [...refusals, 'unknown-authority'] : refusals;
}

/**
 * A status is `expected-signer` exactly when cosign, told to expect the same
 * signer, accepts; where it is, signer and log index are cosign's.
 */
describe('the backend and cosign', () => {
  const dir = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'matrix-')));
  let stack: Stack;
  let cosign: Cosign;
  const signed = new Map<string, Signed>();
  const byCosign = new Map<string, CosignAnswer>();
  let byBackend: Map<string, BackendAnswer>;
  let keys: PublicKeys;

  before(async () => {
    mkdirSync(path.join(dir, 'blobs'));
    stack = await start(path.join(dir, 'run'), 'whole', () => {});
    cosign = await Cosign.create({ ...stack.env, COSIGN_PASSWORD: '' });
    const means = await signingMeans(stack, cosign, dir);
    await inParallel(run, async way => {
      signed.set(way.name, await signFor(way, stack, means, dir));
    });
    await inParallel(cases, async asked => {
      const { target, bundle = '' } = signed.get(asked.way.name)!;
      const answer = cosignAnswer(asked, target(asked.artifact), bundle, means);
      byCosign.set(asked.entity, await answer);
    });
    const questions = cases.map(asked => {
      const { reference } = signed.get(asked.way.name)!;
      return { asked, reference: reference(asked.artifact) };
    });
    keys = {
      'the key': publicKey(means.key),
      'another key': publicKey(means.otherKey),
    };
    byBackend = await backendAnswers(questions, stack, dir, keys);
  });
  after(async () => {
    await cosign?.dispose();
    await stack?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  for (const way of ways.filter(one => !run.includes(one)))
    it(`agree on ${way.name}`, { skip: 'no database for Rekor v1' });

  for (const asked of cases) {
    const { way, asks, entity } = asked;
    it(`agree on ${way.name}: ${asks}`, () => {
      const theirs = byCosign.get(entity)!;
      const ours = byBackend.get(entity)!;
      const wanted = differenceOf(asked) ?? {
        cosign: asks === asSigned ? 'accepts' : 'refuses',
      };
      const said = `cosign: ${
        theirs.accepts ? 'accepts' : theirs.why
      }\nbackend: ${ours.status} ${ours.findings.join(', ')}`;
      assert.equal(theirs.accepts ? 'accepts' : 'refuses', wanted.cosign, said);
      if ('status' in wanted) assert.equal(ours.status, wanted.status, said);
      else if (theirs.accepts)
        assert.equal(ours.status, 'expected-signer', said);
      else assert.ok(refusal(asked).includes(ours.status), said);
    });
  }

  const alike = cases.filter(
    asked => asked.asks === asSigned && !differenceOf(asked),
  );
  for (const { way, entity, expected } of alike) {
    it(`name the same signer and log entry of ${way.name}`, () => {
      const theirs = byCosign.get(entity)!;
      assert.ok(theirs.accepts);
      const { signer, logIndexes } = byBackend.get(entity)!;
      const { issuer, subject } =
        'key' in expected
          ? { issuer: '', subject: fingerprint(keys[expected.key]) }
          : expected;
      assert.equal(signer?.issuer, issuer);
      assert.equal(signer?.identity, subject);
      const index = logIndexOf(signed.get(way.name)!.logged, theirs.output);
      assert.equal(index !== undefined, way.log !== undefined);
      assert.deepEqual(logIndexes, index === undefined ? [] : [index]);
    });
  }

  it('differ as listed and in nothing that is listed for no reason', () => {
    assert.equal(new Set(ways.map(({ name }) => name)).size, ways.length);
    const used = new Set(casesOf(ways).map(differenceOf));
    for (const one of differences) {
      assert.ok(one.reason.length > 20, `${one.way} has no reason`);
      const what = `${one.way}: ${one.asks} is listed and does not occur`;
      assert.ok(used.has(one), what);
    }
  });
});
