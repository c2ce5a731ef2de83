import { endpoints } from '@cloudythings/backstage-plugin-sigstore-common';
import express, { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { EndpointRegistrar } from './endpoint';
import { EntityEndpointPorts, addEntityEndpoints } from './entityEndpoints';
import { addEvidenceEndpoints } from './evidenceEndpoints';
import { addFlowEndpoints } from './flowEndpoints';
import { PolicyEndpointPorts, addPolicyEndpoints } from './policyEndpoints';

/** A thousand entity references, the most that one request may ask for. */
const MAX_BODY = '1mb';
/** 200,000 characters of policies, as many bytes each as JSON may take. */
const MAX_PREVIEW = '1300kb';

/**
 * All endpoints under `/api/sigstore`. They read what is stored; none reaches
 * out to a registry, log or bundle store.
 */
export function createRouter(
  ports: EntityEndpointPorts & PolicyEndpointPorts,
): Router {
  const router = PromiseRouter();
  router.use(
    endpoints.policyPreview.path,
    express.json({ limit: MAX_PREVIEW }),
  );
  router.use(express.json({ limit: MAX_BODY }));
  const registrar = new EndpointRegistrar(router, ports.authorizer);
  addEntityEndpoints(registrar, ports);
  addEvidenceEndpoints(registrar, ports.knex);
  addFlowEndpoints(registrar, ports.knex, ports.now);
  addPolicyEndpoints(registrar, ports);
  return router;
}
