import { MappedReference } from '@cloudythings/backstage-plugin-sigstore-node';
import { Registry, RegistryMapping } from './mappingConfig';

/** Means: whatever release is the newest, since the annotation names none. */
const NEWEST = ':~newest';

type Annotations = Readonly<Record<string, string>>;

/** How one annotation of another plugin is read. */
export type Reading = {
  annotation: string;
  read(value: string, annotations: Annotations): MappedReference[];
};

const image = (reference: string): MappedReference => ({
  kind: 'image',
  reference,
});
const unknown = (written: string, problem: string): MappedReference => ({
  ...image(written),
  problem,
});

/**
 * Reads an annotation that holds names of repositories, as nearly all do.
 *
 * @param reading - `instance` is the annotation that says in which of several
 * registries, `suffixOf` gives the tag or digest where other annotations do
 */
function repositories(
  { registries }: RegistryMapping,
  reading: {
    annotation: string;
    key: string;
    instance?: string;
    lowerCase?: boolean;
    suffixOf?: (annotations: Annotations) => string | undefined;
  },
): Reading {
  const { annotation, instance, suffixOf = () => undefined } = reading;
  return {
    annotation,
    read: (value, annotations) => {
      const chosen = instance && annotations[instance];
      const registry = registryOf(registries, chosen);
      const suffix = suffixOf(annotations) ?? NEWEST;
      return namesIn(value).map(name =>
        registry
          ? image(nameIn(registry, name, suffix, reading.lowerCase))
          : unknown(
              name,
              `${instance} names "${chosen}", which is not among sigstore.discover.mappings.${reading.key}.instances`,
            ),
      );
    },
  };
}

/** As the plugins do: without a choice, the first that is configured. */
function registryOf(
  registries: readonly Registry[],
  chosen: string | undefined,
): Registry | undefined {
  return chosen
    ? registries.find(({ name }) => name === chosen)
    : registries[0];
}

function nameIn(
  { host, repository }: Registry,
  written: string,
  suffix: string,
  lowerCase = false,
): string {
  const name = lowerCase ? written.toLowerCase() : written;
  const path = [repository, name].filter(Boolean).join('/');
  return `${host}/${path}${/[:@]/.test(name) ? '' : suffix}`;
}

function namesIn(value: string): string[] {
  return value.split(/[\s,]+/).filter(Boolean);
}

/** `quay.io/repository-slug` of the quay plugin. */
export const quay = (mapping: RegistryMapping): Reading =>
  repositories(mapping, {
    key: 'quay',
    annotation: 'quay.io/repository-slug',
    instance: 'quay.io/instance-name',
  });

/** `goharbor.io/repository-slug` of the Harbor plugin. */
export const harbor = (mapping: RegistryMapping): Reading =>
  repositories(mapping, {
    key: 'harbor',
    annotation: 'goharbor.io/repository-slug',
  });

/** `jfrog-artifactory/image-name` of the Artifactory plugin. */
export const jfrog = (mapping: RegistryMapping): Reading =>
  repositories(mapping, {
    key: 'jfrog',
    annotation: 'jfrog-artifactory/image-name',
    instance: 'jfrog-artifactory/target-proxy',
  });

/** `nexus-repository-manager/docker.image-name` of the Nexus plugin. */
export const nexus = (mapping: RegistryMapping): Reading => {
  const start = 'nexus-repository-manager/docker.';
  return repositories(mapping, {
    key: 'nexus',
    annotation: `${start}image-name`,
    suffixOf: annotations => {
      const tag = annotations[`${start}image-tag`];
      const digest = annotations[`${start}content-digest`];
      if (!tag && !digest) return undefined;
      return `${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`;
    },
  });
};

/** Images that have the name of the repository they are built from. */
export const ghcr = (mapping: RegistryMapping): Reading =>
  repositories(mapping, {
    key: 'ghcr',
    annotation: 'github.com/project-slug',
    lowerCase: true,
  });

const ECR_TAGS = 'aws.amazon.com/amazon-ecr-tags';
const ECR_ARN =
  /^arn:(aws[a-z-]*):ecr:([a-z0-9-]+):([0-9]{12}):repository\/(.+)$/;

/** `aws.amazon.com/amazon-ecr-arn` of the AWS plugins. */
export const ecr: Reading = {
  annotation: 'aws.amazon.com/amazon-ecr-arn',
  read: value =>
    namesIn(value).map(written => {
      const [, partition, region, account, name] = ECR_ARN.exec(written) ?? [];
      if (!name) {
        const problem = `"${written}" is not the ARN of an ECR repository (arn:aws:ecr:REGION:ACCOUNT:repository/NAME)`;
        return unknown(written, problem);
      }
      const domain = partition === 'aws-cn' ? 'com.cn' : 'com';
      const host = `${account}.dkr.ecr.${region}.amazonaws.${domain}`;
      return image(`${host}/${name}${NEWEST}`);
    }),
};

/** Tags of AWS resources: only AWS knows which repositories have them. */
export const ecrTags: Reading = {
  annotation: ECR_TAGS,
  read: value => [
    unknown(
      value,
      `${ECR_TAGS} names repositories by AWS tags, which are not looked up; name them in ${ecr.annotation} or sigstore.dev/images`,
    ),
  ],
};

const TERRAFORM = 'terasky.backstage.io/terraform-module';

/** `terasky.backstage.io/terraform-module-url` of the Terraform scaffolder. */
export const terasky: Reading = {
  annotation: `${TERRAFORM}-url`,
  read: (value, annotations) => {
    const written = value.trim();
    const kind = 'terraform-module';
    if (written.startsWith('oci://')) {
      const path = written.slice('oci://'.length);
      const hasTag = /[:@]/.test(path.slice(path.indexOf('/')));
      const ref = annotations[`${TERRAFORM}-ref`];
      const suffix = ref ? `:${ref}` : NEWEST;
      return [{ kind, reference: `${written}${hasTag ? '' : suffix}` }];
    }
    if (/^(?:https|s3):\/\/.*\.(?:zip|tgz|tar\.[a-z0-9]+)$/.test(written)) {
      return [{ kind, reference: written }];
    }
    const problem = `"${written}" is no archive and no OCI artifact: a folder in Git or a module registry has no digest that could be signed; publish the module as one of those`;
    return [{ kind, reference: written, problem }];
  },
};
