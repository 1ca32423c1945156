import { Construct, RootConstruct } from "constructs";
import { Job, Probe, Secret, secretText, Volume } from "../../../../infra/workload";
import { imageOf, workloadOf } from "../../../support/definitions";
import { find, objectsOf, pipelineWith } from "../../../support/kubernetes";

/** Renders what a test declares. */
function render(declare: (scope: Construct) => void, hostPorts = true) {
  const definition = new RootConstruct("definition");
  declare(definition);
  return objectsOf(definition, hostPorts);
}

const deployment = (declare: (scope: Construct) => void, name = "app") =>
  find(render(declare), "Deployment", name);
const container = (declare: (scope: Construct) => void, name = "app") =>
  deployment(declare, name).spec!.template.spec!.containers[0]!;

test("a pod keeps to the restricted standard, has no token, and no variables it was not given", () => {
  const { spec } = deployment((scope) => workloadOf(scope, "app")).spec!.template;
  expect(spec).toMatchObject({
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    },
  });
  expect(spec!.containers[0]!.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    runAsNonRoot: true,
  });
});

test("the namespace takes restricted pods only", () => {
  expect(
    find(
      render(() => undefined),
      "Namespace",
      "pipeline",
    ).metadata!.labels,
  ).toMatchObject({
    "pod-security.kubernetes.io/enforce": "restricted",
  });
});

test("a workload with a volume of its own is a StatefulSet with a claim and a headless service", () => {
  const objects = render((scope) => {
    const broker = workloadOf(scope, "broker", { ports: [{ name: "kafka", number: 9092 }] });
    broker.mount(new Volume(scope, "broker-data", { size: 20 }), "/data");
  });
  const { spec } = find(objects, "StatefulSet", "broker");
  expect(spec!.serviceName).toBe("broker-pods");
  expect(spec!.volumeClaimTemplates).toEqual([
    {
      metadata: { name: "broker-data" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "20Gi" } } },
    },
  ]);
  expect(spec!.template.spec!.containers[0]!.volumeMounts).toContainEqual({
    name: "broker-data",
    mountPath: "/data",
    subPath: "broker-data",
  });
  expect(find(objects, "Service", "broker-pods").spec!.clusterIP).toBe("None");
  expect(find(objects, "Service", "broker").spec!.ports).toEqual([
    { name: "kafka", port: 9092, targetPort: 9092, protocol: "TCP" },
  ]);
});

test("pods that share a volume share its claim, and run on one node", () => {
  const objects = render((scope) => {
    const logs = new Volume(scope, "logs");
    for (const name of ["web", "worker"]) workloadOf(scope, name).mount(logs, "/logs");
  });
  find(objects, "PersistentVolumeClaim", "logs");
  for (const name of ["web", "worker"]) {
    const { template } = find(objects, "Deployment", name).spec!;
    const [term] = template.spec!.affinity!.podAffinity!.requiredDuringSchedulingIgnoredDuringExecution!;
    expect(term!.topologyKey).toBe("kubernetes.io/hostname");
    expect(template.metadata!.labels).toMatchObject(term!.labelSelector!.matchLabels!);
    expect(template.spec!.volumes).toContainEqual({
      name: "logs",
      persistentVolumeClaim: { claimName: "logs" },
    });
  }
});

test("one of a kind is replaced, never doubled; of several, one after the other, and a drain leaves the others", () => {
  expect(deployment((scope) => workloadOf(scope, "app")).spec!.strategy).toEqual({ type: "Recreate" });
  const objects = render((scope) => workloadOf(scope, "app", { replicas: 3 }));
  expect(find(objects, "Deployment", "app").spec).toMatchObject({
    replicas: 3,
    strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
  });
  expect(find(objects, "PodDisruptionBudget", "app").spec!.maxUnavailable).toBe(1);
  expect(render((scope) => workloadOf(scope, "app", { replicas: 1 }))).not.toContainEqual(
    expect.objectContaining({ kind: "PodDisruptionBudget" }),
  );
});

test("three probes follow from one: liveness never asks what another server decides", () => {
  const probed = (probe: Probe) => container((scope) => workloadOf(scope, "app", { probe }));
  const ready = { httpGet: { path: "/readyz", port: 8080 } };
  expect(probed(Probe.http(8080, "/readyz", { alivePath: "/livez", startup: 240 }))).toMatchObject({
    startupProbe: { ...ready, periodSeconds: 5, failureThreshold: 48 },
    readinessProbe: { ...ready, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3 },
    livenessProbe: { httpGet: { path: "/livez", port: 8080 } },
  });
  expect(probed(Probe.http(8080, "/health")).livenessProbe).toMatchObject({ tcpSocket: { port: 8080 } });
  expect(probed(Probe.exec(["pg_isready"])).livenessProbe).toMatchObject({
    exec: { command: ["pg_isready"] },
  });
});

test("memory is limited as declared, half of it is asked for; CPU is not limited", () => {
  expect(container((scope) => workloadOf(scope, "app", { memory: 896 })).resources).toEqual({
    requests: { cpu: "25m", memory: "448Mi" },
    limits: { memory: "896Mi" },
  });
});

test("files are mounted one by one: plain ones from a ConfigMap, those with secrets from a Secret", () => {
  const declare = (text: string) => (scope: Construct) => {
    const app = workloadOf(scope, "app");
    app.addFile("/etc/app/app.conf", text);
    app.addSecretFile("url", secretText`http://app:${new Secret(scope, "password")}@db`);
  };
  const objects = render(declare("debug = no"));
  expect(find(objects, "ConfigMap", "app").data).toEqual({ "etc.app.app.conf": "debug = no" });
  expect(find(objects, "Secret", "app").stringData).toEqual({
    "run.secrets.url": "http://app:<password>@db",
  });
  expect(container(declare("debug = no")).volumeMounts).toEqual([
    { name: "files", mountPath: "/etc/app/app.conf", subPath: "etc.app.app.conf", readOnly: true },
    { name: "secrets", mountPath: "/run/secrets/url", subPath: "run.secrets.url", readOnly: true },
  ]);
  const annotations = (text: string) => deployment(declare(text)).spec!.template.metadata!.annotations!;
  expect(annotations("debug = no")["checksum/secrets"]).toBe("hash of password");
  expect(annotations("debug = no")).toEqual(annotations("debug = no"));
  expect(annotations("debug = no")["checksum/files"]).not.toBe(annotations("debug = yes")["checksum/files"]);
});

test("text that looks like a variable of Kubernetes' stays what it is", () => {
  const command = ["sh", "-c", "echo $(date) $HOME $$"];
  expect(container((scope) => workloadOf(scope, "app", { command })).args).toEqual([
    "sh",
    "-c",
    "echo $$(date) $HOME $$$",
  ]);
});

test("a server that others have to reach before it is ready is found before", () => {
  const objects = render((scope) => {
    const ports = [{ name: "http", number: 8080 }];
    const [driver, other] = ["driver", "other"].map((name) => workloadOf(scope, name, { ports }));
    const worker = workloadOf(scope, "worker");
    worker.connectEarlyTo(driver!, "http");
    worker.connectTo(other!, "http");
  });
  expect(find(objects, "Service", "driver").spec!.publishNotReadyAddresses).toBe(true);
  expect(find(objects, "Service", "other").spec!.publishNotReadyAddresses).toBeUndefined();
});

test("a job's name follows its content", () => {
  const jobName = (command: string[], config = "") => {
    const objects = render((scope) => {
      const job = new Job(scope, "topics", {
        image: imageOf(scope, "setup"),
        user: { uid: 1, gid: 1 },
        memory: 64,
        command,
      });
      job.addFile("/etc/setup.json", config);
    });
    return objects.find(({ kind }) => kind === "Job")!.metadata!.name!;
  };
  expect(jobName(["a"])).toMatch(/^topics-[0-9a-f]{8}$/);
  expect(jobName(["a"])).toBe(jobName(["a"]));
  expect(jobName(["b"])).not.toBe(jobName(["a"]));
  expect(jobName(["a"], "{}")).not.toBe(jobName(["a"]));
});

test("published ports answer on the nodes where the cluster is mapped to the host, and only there", () => {
  const declare = (scope: Construct) =>
    workloadOf(scope, "broker", {
      ports: [
        { name: "internal", number: 29092 },
        { name: "external", number: 9092, published: 19092 },
      ],
    });
  expect(find(render(declare), "Service", "broker-host").spec).toMatchObject({
    type: "NodePort",
    ports: [{ name: "external", port: 9092, nodePort: 30000 }],
  });
  expect(JSON.stringify(render(declare, false))).not.toContain("NodePort");
});

test("every pod and object of the pipeline is labelled, and no two of a kind have one name", () => {
  const objects = objectsOf(pipelineWith(new RootConstruct("root"), { workers: 2 }));
  for (const { metadata } of objects) {
    expect(metadata!.labels).toMatchObject({ "app.kubernetes.io/part-of": "realtime-data-pipeline" });
  }
  const names = objects.map(({ kind, metadata }) => `${kind}/${metadata!.name}`);
  expect(new Set(names).size).toBe(names.length);
});
