import { HumanDuration } from '@backstage/types';

export interface Config {
  /**
   * Signature status of what the entities of the catalog declare.
   */
  sigstore?: {
    /**
     * Whose certificates, logs and timestamps count. Without any, the one of
     * the public Sigstore instance, named `public-good` and followed as it
     * changes.
     */
    trustedRoots?: Array<{
      /** The name that trust policies use. */
      name: string;
      /** A trusted_root.json; relative to the working directory of the backend. */
      file?: string;
      /** A TUF repository that publishes it, instead of a file. */
      tuf?: {
        /**
         * https URL of the repository, on a host that is allowed. Default: the
         * one of the public Sigstore instance.
         */
        mirror?: string;
        /**
         * The root.json that the repository is first trusted by; needed for
         * every other one than the public one.
         */
        root?: string;
        /** Name of the target. Default: trusted_root.json. */
        target?: string;
      };
      /** The one that comes with the plugin, as it was then, instead of a file. */
      builtIn?: 'public-good';
      /** Accept the trusted root of the demo, whose authorities anybody can rebuild. */
      demo?: boolean;
      /** How much must attest a signature, at least. Counts distinct authorities. */
      thresholds?: {
        transparencyLog?: number;
        certificateTransparency?: number;
        timestamps?: number;
      };
    }>;

    policies?: {
      /** Trust policies: YAML files, or folders of them. */
      files?: string[];
    };

    /** Hosts that may be contacted besides the well-known public registries. */
    hosts?: Array<{
      /** Exact host, with the port where there is one, as references name it. */
      host: string;
      /** Where it is really reached, such as a mirror. */
      endpoint?: string;
      /** Allow it to lie at a private or loopback address. */
      allowPrivateAddress?: boolean;
      /** Most requests at a time. Default: 16, and fewer for docker.io and api.github.com. */
      requestsAtATime?: number;
      /** Most requests in a second. Default: 50, and fewer for docker.io and api.github.com. */
      requestsPerSecond?: number;
    }>;

    /** Where evidence is looked for besides where artifacts lie. */
    sources?: {
      oci?: {
        /**
         * Repositories that hold the signatures of images in others, as with
         * COSIGN_REPOSITORY. None by default.
         */
        signatureRepositories?: Array<{
          /** Whose signatures: a host, or the first part of a path. */
          images: string;
          /** Host and path of the repository that holds them. */
          repository: string;
        }>;
      };
      /**
       * Attestations that GitHub keeps, asked for with the credentials of
       * `integrations.github`.
       */
      github?: {
        /** Whether GitHub is asked at all. Default: true. */
        enabled?: boolean;
        /**
         * Ask for what is public where an integration has no credentials, of
         * which GitHub allows 60 questions an hour. Default: false.
         */
        withoutCredentials?: boolean;
        /** Where enterprises keep bundles: exact hosts that are allowed. */
        bundleHosts?: string[];
      };
      /**
       * Rekor logs of version 1 to search for artifacts. None by default.
       */
      rekor?: Array<{
        /** https base URL, on a host that is allowed. */
        url: string;
      }>;
      /**
       * S3 buckets that may be read, each by its exact name. None by default.
       */
      s3?: Array<{
        bucket: string;
        /** Only keys that begin with it. */
        prefix?: string;
        /** Needed for Amazon's own. */
        region?: string;
        /** http or https URL of another server, without a path. */
        endpoint?: string;
        /** Ask for endpoint/bucket/key instead of bucket.endpoint/key. */
        forcePathStyle?: boolean;
        /** Allow it to lie at a private or loopback address. */
        allowPrivateAddress?: boolean;
        /** What it is asked with, and for which references of which entities. */
        credentials?: {
          /** What the database tells rows by; its own among all credentials. */
          name: string;
          /** Where they come from, unless they stand here. */
          from?: 'environment' | 'web-identity' | 'container' | 'instance';
          accessKeyId?: string;
          /** @visibility secret */
          secretAccessKey?: string;
          /** Whom they serve; nobody else is shown what only they can show. */
          for: Array<{
            /** Entity reference; any entity where references have {{ repository }}. */
            entity?: string;
            /** Globs that begin with s3://, the bucket and a slash. */
            references: string[];
          }>;
        };
      }>;
    };

    /** What registries are asked with, and for which references of which entities. */
    credentials?: Array<{
      /** What the database tells rows by; a new name has all looked up again. */
      name: string;
      /** Exact host, with the port where there is one, as references name it. */
      host: string;
      username?: string;
      /** @visibility secret */
      password?: string;
      /**
       * Sent as it is, instead of username and password.
       * @visibility secret
       */
      token?: string;
      /** A Docker configuration file, absolute, that has them or names helpers. */
      dockerConfig?: string;
      /** Whom they serve; nobody else is shown what only they can show. */
      for: Array<{
        /** Entity reference; any entity where references have {{ repository }}. */
        entity?: string;
        /** Globs that begin with the host, such as ghcr.io/{{ repository }}. */
        references: string[];
      }>;
    }>;

    /** Folders below which `file:` references may lie. */
    fileRoots?: string[];

    /** Which GitHub repository an entity is built from, where its location does not tell. */
    repositories?: Array<{
      /** Entity reference, such as component:default/checkout. */
      entity: string;
      /** owner/name on github.com. */
      repository: string;
    }>;

    discover?: {
      /** Which annotations of other plugins are read. */
      mappings?: {
        /** quay.io/repository-slug. On by default, for quay.io. */
        quay?: {
          enabled?: boolean;
          host?: string;
          /** As quay.io/instance-name chooses; without it, the first. */
          instances?: Array<{
            name: string;
            host: string;
            repository?: string;
          }>;
          /** Catalog filter predicate: which entities it is read of. */
          filter?: object;
        };
        /** goharbor.io/repository-slug. */
        harbor?: {
          enabled?: boolean;
          host?: string;
          repository?: string;
          filter?: object;
        };
        /** aws.amazon.com/amazon-ecr-arn and aws.amazon.com/amazon-ecr-tags. */
        ecr?: { enabled?: boolean; filter?: object };
        /** jfrog-artifactory/image-name. */
        jfrog?: {
          enabled?: boolean;
          host?: string;
          /** What repositories begin with, such as docker-local. */
          repository?: string;
          /** As jfrog-artifactory/target-proxy chooses; without it, the first. */
          instances?: Array<{
            name: string;
            host: string;
            repository?: string;
          }>;
          filter?: object;
        };
        /** nexus-repository-manager/docker.image-name, -tag and .content-digest. */
        nexus?: {
          enabled?: boolean;
          host?: string;
          repository?: string;
          filter?: object;
        };
        /** github.com/project-slug, for images called like their repository. */
        ghcr?: {
          enabled?: boolean;
          host?: string;
          repository?: string;
          filter?: object;
        };
        /** terasky.backstage.io/terraform-module-url and -ref. */
        terasky?: { enabled?: boolean; filter?: object };
      };
      /** Which entities are artifacts by their kind and type, and where those lie. */
      conventions?: Array<{
        /** Artifact kind, such as terraform-module. */
        kind: string;
        /** Which entities; by default those whose spec.type is the artifact kind. */
        filter?: object;
        /** Begins with a host; {{ metadata.name }} and the like are filled in. */
        reference: string;
        /** What pages show as declared by. Default: spec.type and the kind. */
        title?: string;
      }>;
      running?: {
        /**
         * How long a place may fail to answer before that is said on a row of
         * its own. Default: three times `schedule.running`.
         */
        silenceAfter?: HumanDuration | string;
        /** Places that no longer exist, such as `kubernetes/cluster prod-eu`. */
        retiredPlaces?: string[];
      };
      argocd?: {
        instances?: Array<{
          /** As `argocd/instance-name` of entities names it. */
          name: string;
          /** URL of Argo CD, whose host `hosts` must allow. */
          url: string;
          /**
           * Token of an account that may read applications.
           * @visibility secret
           */
          token?: string;
        }>;
      };
    };

    schedule?: {
      /** How often the catalog is read. Default: 5 minutes. */
      discovery?: HumanDuration | string;
      /** When an artifact is looked up again. Default: 6 hours. */
      recheck?: HumanDuration | string;
      /** The same after a source did not answer. Default: 5 minutes. */
      retry?: HumanDuration | string;
      /** How often TUF repositories are followed. Default: 1 hour. */
      trustedRoots?: HumanDuration | string;
      /** How often observers are asked what runs. Default: 5 minutes. */
      running?: HumanDuration | string;
    };

    flow?: {
      /** Whether this replica does background work. Default: true. */
      enabled?: boolean;
      /** How many artifacts this replica works on at a time. Default: 4. */
      concurrency?: number;
    };
  };
}
