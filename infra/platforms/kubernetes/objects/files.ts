import type { ConfigMap, Secret as SecretObject, Volume, VolumeMount } from "kubernetes-types/core/v1";
import { createHash } from "node:crypto";
import { Container, Secret, SecretText } from "../../../workload";
import { ObjectsContext } from "./context";
import { labels } from "./labels";

/** The files of a container, as objects and as they are mounted. */
export interface Files {
  /** At most one of each kind, named as the container. */
  readonly objects: readonly (ConfigMap | SecretObject)[];
  readonly volumes: Volume[];
  readonly mounts: VolumeMount[];
  /** A hash of all texts, with the names of secrets in the place of their values: known now. Empty without files. */
  readonly known: string;
  /** Hashes of the contents: as annotations of the pods, they roll them when a file changes. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** Readable by every process in the container, writable by none. */
const READ_ONLY = 0o444;

/** What the file at a path is called in a ConfigMap or a Secret. */
export function fileKey(path: string): string {
  return path.slice(1).replaceAll("/", ".");
}

/** Puts a container's files into a ConfigMap, and those that hold secrets into a Secret. */
export function files(context: ObjectsContext, container: Container): Files {
  const plain: Record<string, string> = {};
  const secret: Record<string, string> = {};
  const secrets = new Set<Secret>();
  /** All texts, with names for secrets. */
  const texts: unknown[] = [];
  const mounts: VolumeMount[] = [];
  for (const [path, content] of [...container.files].sort(([a], [b]) => a.localeCompare(b))) {
    const text = typeof content === "string" ? new SecretText([content]) : content;
    const hidden = text.parts.filter((part) => part instanceof Secret);
    for (const part of hidden) secrets.add(part);
    const key = fileKey(path);
    (hidden.length > 0 ? secret : plain)[key] = context.fillIn(text);
    texts.push([path, text.parts.map((part) => (part instanceof Secret ? part.node.id : part))]);
    // File by file: each may lie in a folder that also has files of the image.
    mounts.push({
      name: hidden.length > 0 ? "secrets" : "files",
      mountPath: path,
      subPath: key,
      readOnly: true,
    });
  }
  const name = container.node.id;
  const metadata = { name, namespace: context.namespace, labels: { ...labels(context, container) } };
  const objects: (ConfigMap | SecretObject)[] = [];
  const volumes: Volume[] = [];
  const annotations: Record<string, string> = {};
  if (Object.keys(plain).length > 0) {
    objects.push({ apiVersion: "v1", kind: "ConfigMap", metadata, data: plain });
    volumes.push({ name: "files", configMap: { name, defaultMode: READ_ONLY } });
  }
  if (Object.keys(secret).length > 0) {
    objects.push({ apiVersion: "v1", kind: "Secret", metadata, type: "Opaque", stringData: secret });
    volumes.push({ name: "secrets", secret: { secretName: name, defaultMode: READ_ONLY } });
    annotations["checksum/secrets"] = context.hash([...secrets]);
  }
  const known = texts.length === 0 ? "" : createHash("sha256").update(JSON.stringify(texts)).digest("hex");
  if (known !== "") annotations["checksum/files"] = known;
  return { objects, volumes, mounts, known, annotations };
}
