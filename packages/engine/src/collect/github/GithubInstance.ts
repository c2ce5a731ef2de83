/**
 * A GitHub whose attestations are asked for: github.com, or an enterprise.
 *
 * @public
 */
export type GithubInstance = {
  /** As locations name it: `github.com`, `acme.ghe.com`. */
  host: string;
  /** Base URL of its REST API; its host must be allowed. */
  apiUrl: string;
  /** Where images of its container registry lie: `ghcr.io`. */
  registryHosts: readonly string[];
  /** Exact hosts at which it may keep bundles; they must be allowed as well. */
  bundleHosts: readonly string[];
  /** Whether what is public is asked for where there are no credentials. */
  withoutCredentials: boolean;
  /**
   * Gives the `Authorization` header for an owner of repositories, or nothing
   * where there is none. What it throws is no message for people.
   */
  authorization(owner: string): Promise<string | undefined>;
};
