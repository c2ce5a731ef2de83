export interface Config {
  sigstore?: {
    discover?: {
      kubernetes?: {
        /**
         * Names of clusters of the Kubernetes plugin that are not asked what
         * runs, such as those that hold nothing that is signed.
         */
        skipClusters?: string[];
        /**
         * Whether entities may choose pods by any label, with
         * `backstage.io/kubernetes-label-selector`. Default: true.
         */
        labelSelectors?: boolean;
      };
    };
  };
}
