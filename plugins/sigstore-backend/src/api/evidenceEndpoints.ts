import { NotFoundError } from '@backstage/errors';
import {
  endpoints,
  sigstoreEvidenceReadPermission,
  sigstoreIndexReadPermission,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { Knex } from 'knex';
import { readEvidence } from '../store/evidence';
import { EndpointRegistrar } from './endpoint';
import { readEvidenceReport, visibleUsages } from './evidence';
import { listLogEntries, listSigners, readSigner } from './signers';

/** Adds the endpoints about evidence, and the index of signers and log entries. */
export function addEvidenceEndpoints(
  registrar: EndpointRegistrar,
  knex: Knex,
): void {
  const evidence = { permission: sigstoreEvidenceReadPermission };
  const index = { permission: sigstoreIndexReadPermission };
  const noEvidence = (digest: string) =>
    new NotFoundError(`No evidence with the digest ${digest} is known`);

  registrar.add(endpoints.evidence, evidence, async call => {
    const { digest } = call.params;
    const report = await readEvidenceReport(knex, digest, call.visibility);
    if (!report) throw noEvidence(digest);
    return report;
  });

  registrar.add(endpoints.evidenceBundle, evidence, async call => {
    const { digest } = call.params;
    const usages = await visibleUsages(knex, digest, call.visibility);
    const found = usages.length > 0 && (await readEvidence(knex, digest));
    if (!found) throw noEvidence(digest);
    // Attacker's bytes: never rendered, only saved.
    call.response
      .status(200)
      .setHeader('content-type', 'application/json; charset=utf-8')
      .setHeader('x-content-type-options', 'nosniff')
      .setHeader(
        'content-disposition',
        `attachment; filename="${digest.replace(':', '-')}.sigstore.json"`,
      )
      .end(found.bytes);
    return undefined;
  });

  registrar.add(endpoints.signers, index, async call => ({
    items: await listSigners(knex, call.query, call.visibility),
  }));

  registrar.add(endpoints.signer, index, async call => {
    const { id } = call.params;
    const signer = await readSigner(knex, id, call.visibility);
    if (!signer) throw new NotFoundError(`No signer ${id} is known`);
    return signer;
  });

  registrar.add(endpoints.logEntries, index, async call => ({
    items: await listLogEntries(knex, call.query, call.visibility),
  }));
}
