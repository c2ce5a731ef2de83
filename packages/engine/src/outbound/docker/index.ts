export { CredentialsError } from './CredentialsError';
export { dockerCredentials } from './dockerCredentials';
export type { DockerSurroundings } from './dockerCredentials';
