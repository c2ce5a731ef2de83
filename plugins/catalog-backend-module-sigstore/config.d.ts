export interface Config {
  sigstore?: {
    catalog?: {
      /**
       * How often the catalog asks the sigstore backend which statuses changed:
       * a duration such as `10s`, `PT10S` or `{ seconds: 10 }`. Default 10
       * seconds.
       */
      pollInterval?:
        | string
        | {
            milliseconds?: number;
            seconds?: number;
            minutes?: number;
            hours?: number;
          };
    };
  };
}
