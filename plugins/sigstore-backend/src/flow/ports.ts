import { LoggerService } from '@backstage/backend-plugin-api';
import {
  EvidenceSource,
  FileRoots,
  VerificationPool,
} from '@cloudythings/sigstore-engine';
import { S3Buckets } from '@cloudythings/sigstore-engine/s3';
import { Knex } from 'knex';
import { AccessClients } from '../access/AccessClients';
import { SigstoreConfig } from '../config';
import { TrustKeeper } from '../trust/TrustKeeper';

/** What the steps of the flow need of their surroundings. */
export type FlowPorts = {
  knex: Knex;
  trust: TrustKeeper;
  /** What references are asked with, by the credentials they may make use of. */
  clients: Pick<AccessClients, 'clientFor'>;
  /** The S3 buckets that may be read, by the credentials likewise. */
  buckets: Pick<S3Buckets, 'withAccess'>;
  fileRoots: FileRoots;
  sources: EvidenceSource[];
  /** Off the event loop, in the backend. */
  verifier: Pick<VerificationPool, 'verify'>;
  schedule: Pick<SigstoreConfig['schedule'], 'recheckMs' | 'retryMs'>;
  logger: LoggerService;
  now: () => Date;
  /** A number from 0 up to 1, to spread work over time. */
  random: () => number;
};
