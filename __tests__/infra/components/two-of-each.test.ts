import { Construct, RootConstruct } from "constructs";
import type { PodSpec } from "kubernetes-types/core/v1";
import { Airflow } from "../../../infra/components/airflow";
import { Kafka } from "../../../infra/components/kafka";
import { kubernetesObjects, PlainObject } from "../../../infra/platforms/kubernetes/objects";
import { imageOf } from "../../support/definitions";
import { CONTEXT, kubernetesTemplate, objectsOf } from "../../support/kubernetes";
import { allowedConnections } from "../../support/reachability";
import { Resource, Template } from "../../support/template";
import {
  airflowProps,
  ComponentSet,
  declareSet,
  FIRST,
  hostsIn,
  inSecond,
  SECOND,
} from "../../support/two-of-each";

/** A definition with these sets of components. */
function definitionOf(scope: Construct, ...sets: readonly ComponentSet[]): Construct {
  const definition = new Construct(scope, "definition");
  const image = imageOf(definition, "image");
  for (const set of sets) declareSet(definition, image, set);
  return definition;
}

describe("on Docker", () => {
  /** What the sets share. */
  const SHARED = ["docker_image", "docker_network", "random_uuid"];
  let alone: Template;
  let both: Template;
  beforeAll(() => {
    alone = Template.fromDefinition((stack) => definitionOf(stack, FIRST));
    both = Template.fromDefinition((stack) => definitionOf(stack, FIRST, SECOND));
  });

  test("a second of each has resources of its own", () => {
    for (const type of Object.keys(configuration(alone).resource)) {
      const names = Object.keys(alone.resources(type));
      const expected = SHARED.includes(type) ? names : [...names, ...names.map(inSecond)];
      expect(Object.keys(both.resources(type)).sort()).toEqual(expected.sort());
    }
  });

  test("the first is what it is without a second", () => {
    for (const [type, resources] of Object.entries(configuration(alone).resource)) {
      expect(both.resources(type)).toMatchObject(resources);
    }
  });

  test("containers, host names and volumes of the second are called by its own ids", () => {
    for (const [name, container] of Object.entries(alone.resources("docker_container"))) {
      const second = inSecond(name);
      const host = inSecond(container.hostname as string);
      expect(both.container(second)).toMatchObject({
        name: host,
        hostname: host,
        networks_advanced: [{ aliases: [host] }],
      });
    }
    const volumes = Object.values(both.resources("docker_volume")).map(({ name }) => name);
    expect(new Set(volumes).size).toBe(2 * Object.keys(alone.resources("docker_volume")).length);
  });

  test("what the second connects to, mounts, logs in with and waits for is the second's", () => {
    for (const [name, container] of Object.entries(alone.resources("docker_container"))) {
      const expected = Object.entries(relations(container)).map(([kind, names]) => [
        `${kind} of ${inSecond(name)}`,
        names.map(inSecond).sort(),
      ]);
      const actual = Object.entries(relations(both.container(inSecond(name)))).map(([kind, names]) => [
        `${kind} of ${inSecond(name)}`,
        names.sort(),
      ]);
      expect(actual).toEqual(expected);
    }
  });

  test("each of two sinks gets every user: their consumer groups differ, and the Control Center knows which", () => {
    expect(both.container("second-sink").env).toContain("KAFKA_GROUP_ID=second-sink");
    expect(both.container("second-control-center").env).toContain("SINK_GROUP_ID=second-sink");
    // The apps' default, as in deployed pipelines.
    expect(String(both.container("sink").env)).not.toContain("KAFKA_GROUP_ID");
    expect(String(both.container("control-center").env)).not.toContain("SINK_GROUP_ID");
  });

  test("ports on the host are given, and no two are the same", () => {
    const published = Object.values(both.resources("docker_container")).flatMap(({ ports }) =>
      ((ports ?? []) as { external: number }[]).map(({ external }) => external),
    );
    expect(published.filter((port) => port >= SECOND.firstPort)).toHaveLength(published.length / 2);
    expect(new Set(published).size).toBe(published.length);
  });

  function configuration({ json }: Template) {
    return JSON.parse(json) as { resource: Record<string, Record<string, Resource>> };
  }

  /** What of a container leads to others. */
  function relations({ env, command, upload, volumes, depends_on }: Resource): Record<string, string[]> {
    const contents = ((upload ?? []) as { content: string }[]).map(({ content }) => content);
    const text = [...(env as string[]), ((command ?? []) as string[]).join(" "), ...contents].join("\n");
    return {
      hosts: hostsIn(text),
      volumes: namesIn(JSON.stringify(volumes ?? []), /docker_volume\.([\w-]+)/g),
      passwords: namesIn(text, /random_password\.([\w-]+)/g),
      after: namesIn(JSON.stringify(depends_on ?? []), /(?:docker_container|terraform_data)\.([\w-]+)/g),
    };
  }
});

describe("on Kubernetes", () => {
  const alone = definitionOf(new RootConstruct("root"), FIRST);
  const both = definitionOf(new RootConstruct("root"), FIRST, SECOND);

  test("a second of each has objects of its own, and Terraform takes them", () => {
    const resources = (...sets: readonly ComponentSet[]) => {
      const { json } = kubernetesTemplate((stack) => definitionOf(stack, ...sets));
      const { resource } = JSON.parse(json) as { resource: Record<string, Record<string, Resource>> };
      return new Map(Object.entries(resource).map(([type, named]) => [type, Object.keys(named)]));
    };
    const ofBoth = resources(FIRST, SECOND);
    const shared = ["docker_image", "kubernetes_namespace_v1", "random_uuid", "terraform_data"];
    for (const [type, names] of resources(FIRST)) {
      const own = names.filter((name) => name !== "default-deny");
      expect(ofBoth.get(type)!.sort()).toEqual(
        [...names, ...(shared.includes(type) ? [] : own.map(inSecond))].sort(),
      );
    }
  });

  test("what the second may connect to is the second's", () => {
    const lines = allowedConnections(objectsOf(alone));
    const ofSecond = lines.map((line) =>
      line.replace(/^(\S+) -> (\S+):(\d+)$/, (_, client: string, server: string, port: string) => {
        const number =
          Number(port) >= FIRST.firstPort ? SECOND.firstPort - FIRST.firstPort + Number(port) : port;
        return `${client === "anywhere" ? client : inSecond(client)} -> ${inSecond(server)}:${number}`;
      }),
    );
    expect(allowedConnections(objectsOf(both))).toEqual([...lines, ...ofSecond].sort());
  });

  test("what the pods of the second name, mount and read is the second's", () => {
    const first = relations(alone);
    const second = relations(both);
    for (const [name, related] of first) {
      const actual = second.get(inSecond(name))!.sort();
      expect([inSecond(name), actual]).toEqual([inSecond(name), related.map(inSecond).sort()]);
    }
  });

  /** The hosts, claims and passwords that each container's objects name. */
  function relations(definition: Construct): Map<string, string[]> {
    const { containers } = kubernetesObjects(CONTEXT, definition, true);
    return new Map(
      [...containers].map(([{ node }, objects]) => {
        const texts = objects.flatMap(textsOf);
        const passwords = texts.flatMap((text) => namesIn(text, /<([\w-]+)>/g));
        const claims = objects.flatMap(podsOf).flatMap(({ volumes }) => volumes ?? []);
        return [
          node.id,
          [
            ...texts.flatMap(hostsIn),
            ...passwords,
            ...claims.flatMap(({ persistentVolumeClaim: claim }) => claim?.claimName ?? []),
          ],
        ];
      }),
    );
  }

  /** The texts of an object that may name a host or hold a password. */
  function textsOf(object: PlainObject): string[] {
    if (object.kind === "ConfigMap") return Object.values(object.data!);
    if (object.kind === "Secret") return Object.values(object.stringData!);
    return podsOf(object)
      .flatMap(({ containers }) => containers)
      .flatMap(({ env, args }) => [
        ...env!.map(({ name, value }) => `${name}=${value}`),
        (args ?? []).join(" "),
      ]);
  }

  function podsOf(object: PlainObject): PodSpec[] {
    const hasPods = object.kind === "Deployment" || object.kind === "StatefulSet" || object.kind === "Job";
    return hasPods ? [object.spec!.template.spec!] : [];
  }
});

describe("two of one kind at the same server", () => {
  function render(declare: (scope: Construct, first: ReturnType<typeof declareSet>) => void): Template {
    return Template.fromDefinition((stack) => {
      const definition = new Construct(stack, "definition");
      declare(definition, declareSet(definition, imageOf(definition, "image"), FIRST));
      return definition;
    });
  }

  test("each of two Airflows has a database and roles of its own", () => {
    const template = render((scope, { postgres, cassandra }) => {
      const props = airflowProps(imageOf(scope, "airflow-image"), postgres, 42_000);
      const airflow = new Airflow(scope, "second-airflow", props);
      airflow.addConnection("staging", postgres.grantStage(airflow));
      cassandra.grantRead(airflow.reconciliation);
    });
    const uploads = template.container("postgres-setup-run").upload as { file: string; content: string }[];
    const { content } = uploads.find(({ file }) => file === "/etc/pipeline/setup.json")!;
    expect(JSON.parse(content)).toMatchObject({
      databases: [
        { name: "airflow", owner: "airflow_owner" },
        { name: "second_airflow", owner: "second_airflow_owner" },
      ],
    });
  });

  test("a ZooKeeper takes one broker: both would be its broker 1", () => {
    const secondBroker = () =>
      render((scope, { zookeeper }) => {
        const image = imageOf(scope, "kafka-image");
        const props = { image, setupImage: image, zookeeper, publishedPort: 42_000, memory: 512, heap: 256 };
        new Kafka(scope, "second-kafka", props);
      });
    expect(secondBroker).toThrow(
      /second-kafka-broker: shared ZooKeeper: got "zookeeper", which the broker "broker" uses; expected a ZooKeeper for each/,
    );
  });
});

function namesIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name]) => name!);
}
