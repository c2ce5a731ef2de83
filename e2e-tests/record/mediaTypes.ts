/** Media types of what the organization stores, as the tools that own them write them. */
export const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  imageConfig: 'application/vnd.oci.image.config.v1+json',
  imageLayer: 'application/vnd.oci.image.layer.v1.tar',
  compressedLayer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  empty: 'application/vnd.oci.empty.v1+json',
  bundle: 'application/vnd.dev.sigstore.bundle.v0.3+json',
  opaConfig: 'application/vnd.cncf.openpolicyagent.config.v1+json',
  tofuModule: 'application/vnd.opentofu.modulepkg',
  zip: 'archive/zip',
} as const;
