export interface Config {
  sigstore?: {
    discover?: {
      kubernetes?: {
        /**
         * Names of clusters of the Kubernetes plugin that are not asked what
         * runs, such as those that hold nothing that is signed.
         */
        skipClusters?: string[];
      };
    };
  };
}
