/**
 * Tells the sigstore backend plugin which images run in Kubernetes clusters.
 *
 * @packageDocumentation
 */
export { sigstoreModuleKubernetes as default } from './module';
