/** The parts of a synthesized stack that have names. */
export interface Configuration {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Resource>>>>;
  readonly output: Readonly<Record<string, { readonly value: unknown }>>;
}

/** A resource of the Docker or the Kubernetes provider, or a password. */
export interface Resource {
  /** On Docker. */
  readonly name?: string;
  readonly networks_advanced?: readonly { readonly aliases: readonly string[] }[];
  readonly volumes?: readonly { readonly volume_name: string; readonly container_path: string }[];
  readonly upload?: readonly { readonly file: string }[];
  /** On Kubernetes. */
  readonly metadata?: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly template?: { readonly spec: PodSpec };
    readonly volume_claim_template?: readonly { readonly metadata: { readonly name: string } }[];
  };
}

interface PodSpec {
  readonly container: readonly { readonly name: string; readonly volume_mount?: readonly VolumeMount[] }[];
  readonly volume?: readonly {
    readonly name: string;
    readonly persistent_volume_claim?: { readonly claim_name: string };
  }[];
}

interface VolumeMount {
  readonly name: string;
  readonly mount_path: string;
  readonly sub_path: string;
  /** Files of config maps and secrets are, volumes are not. */
  readonly read_only?: boolean;
}
