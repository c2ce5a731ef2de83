/** The flags of `ct verify artifact`, as they were given. */
export type VerifyFlags = {
  policy: string[];
  kind?: string;
  reference?: string;
  entityRepository?: string;
  entity?: string;
  certificateIdentity?: string;
  certificateIdentityRegexp?: string;
  certificateOidcIssuer?: string;
  certificateOidcIssuerRegexp?: string;
  key?: string;
  predicateType: string[];
  bundle: string[];
  signatureRepository: string[];
  trustedRoot: string[];
  threshold: string[];
  output: 'text' | 'json';
  trustWorkspace?: boolean;
  allowDemoRoot?: boolean;
  /** Whether Docker's logins may be used. */
  dockerCredentials: boolean;
  allowHost: string[];
  allowPrivateAddress: string[];
  mirror: string[];
};

/** The flags that say by themselves who should have signed. */
export const SIGNER_FLAGS = {
  certificateIdentity: '--certificate-identity',
  certificateIdentityRegexp: '--certificate-identity-regexp',
  certificateOidcIssuer: '--certificate-oidc-issuer',
  certificateOidcIssuerRegexp: '--certificate-oidc-issuer-regexp',
  key: '--key',
} as const;

/** Names of the given flags that say who should have signed. */
export function signerFlagsOf(flags: VerifyFlags): string[] {
  const given = Object.entries(SIGNER_FLAGS).filter(
    ([name]) => flags[name as keyof typeof SIGNER_FLAGS] !== undefined,
  );
  return [
    ...given.map(([, flag]) => flag),
    ...(flags.predicateType.length > 0 ? ['--predicate-type'] : []),
  ];
}
