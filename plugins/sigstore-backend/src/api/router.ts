import express, { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { EndpointRegistrar } from './endpoint';
import { EntityEndpointPorts, addEntityEndpoints } from './entityEndpoints';
import { addEvidenceEndpoints } from './evidenceEndpoints';
import { addFlowEndpoints } from './flowEndpoints';

/** A thousand entity references, the most that one request may ask for. */
const MAX_BODY = '1mb';

/**
 * All endpoints under `/api/sigstore`. They read what is stored; none reaches
 * out to a registry, log or bundle store.
 */
export function createRouter(ports: EntityEndpointPorts): Router {
  const router = PromiseRouter();
  router.use(express.json({ limit: MAX_BODY }));
  const registrar = new EndpointRegistrar(router, ports.authorizer);
  addEntityEndpoints(registrar, ports);
  addEvidenceEndpoints(registrar, ports.knex);
  addFlowEndpoints(registrar, ports.knex, ports.now);
  return router;
}
