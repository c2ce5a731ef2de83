import { LoggerService } from '@backstage/backend-plugin-api';
import {
  EvidenceSource,
  FileRoots,
  OutboundClient,
  VerificationPool,
} from '@cloudythings/sigstore-engine';
import { Knex } from 'knex';
import { SigstoreConfig } from '../config';
import { TrustKeeper } from '../trust/TrustKeeper';

/** What the steps of the flow need of their surroundings. */
export type FlowPorts = {
  knex: Knex;
  trust: TrustKeeper;
  outbound: OutboundClient;
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
