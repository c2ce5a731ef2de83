const DOCKER_HUB = 'docker.io';

/**
 * Gives the name of an image, as container runtimes and Kubernetes write it, the
 * form that references have: a name whose first part is no host is one of Docker
 * Hub.
 *
 * @param name - such as `nginx:1.27`, `acme/checkout` or `ghcr.io/acme/checkout`
 * @public
 */
export function imageReference(name: string): string {
  const [first, ...rest] = name.split('/');
  const isHost =
    rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return isHost ? name : `${DOCKER_HUB}/${name}`;
}
