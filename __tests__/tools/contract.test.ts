import { TARGETS } from "../../infra/platforms/common";
import { committedContract, contract, contractChange } from "../../tools/contract/contract";
import { linesOf } from "../../tools/contract/lines";

test.each(TARGETS)("%s: the addresses and names of a deploy are those that are committed", (target) => {
  const change = contractChange(target, committedContract(target), contract(target));
  if (change !== undefined) throw new Error(change);
});

test("a renamed volume is told as one removed and one added, with what a deploy does about it", () => {
  const message = contractChange("docker", "network n\nvolume a\n", "network n\nvolume b\n");
  expect(message).toMatch(/infra\/contract\/docker\.txt:\n {2}- volume a\n {2}\+ volume b\n/);
  expect(message).toContain("replaces or orphans");
  expect(message).toMatch(/run: make contract$/);
});

test("a new name orphans nothing", () => {
  const message = contractChange("kind", "service a\n", "service a\nservice b\n");
  expect(message).toContain("  + service b\n");
  expect(message).not.toContain("orphans");
});

test("on Docker: addresses, names, host names, files, and the volume at each path", () => {
  const lines = linesOf({
    output: { passwords: { value: { root: "${random_password.root.result}" } } },
    resource: {
      random_password: { root: {} },
      docker_image: { kafka: { name: "kafka:0123456789ab" } },
      docker_volume: { data: { name: "pipeline-data" } },
      docker_container: {
        broker: {
          name: "test-broker",
          networks_advanced: [{ aliases: ["broker"] }],
          volumes: [{ volume_name: "${docker_volume.data.name}", container_path: "/data" }],
          upload: [{ file: "/run/secrets/root" }],
        },
      },
    },
  });
  expect(lines).toEqual([
    "address docker_container.broker",
    "address docker_image.kafka",
    "address docker_volume.data",
    "address random_password.root",
    "container test-broker",
    "file test-broker:/run/secrets/root",
    "host broker",
    "mount test-broker:/data volume pipeline-data",
    "output passwords",
    "output passwords.root",
    "volume pipeline-data",
  ]);
});

test("on Kubernetes: the claims that a StatefulSet makes, the keys of a secret, a job without its hash", () => {
  const mount = (name: string, mount_path: string, sub_path: string) => ({ name, mount_path, sub_path });
  const lines = linesOf({
    output: {},
    resource: {
      kubernetes_secret_v1: { broker: { metadata: { name: "broker" }, data: { "run.secrets.root": "…" } } },
      kubernetes_job_v1: { topics: { metadata: { name: "topics-0123abcd" } } },
      kubernetes_stateful_set_v1: {
        broker: {
          metadata: { name: "broker" },
          spec: {
            volume_claim_template: [{ metadata: { name: "data" } }],
            template: {
              spec: {
                volume: [{ name: "logs", persistent_volume_claim: { claim_name: "logs" } }],
                container: [
                  {
                    name: "broker",
                    volume_mount: [
                      mount("data", "/data", "data"),
                      mount("logs", "/logs", "logs"),
                      { ...mount("secrets", "/run/secrets/root", "run.secrets.root"), read_only: true },
                    ],
                  },
                ],
              },
            },
          },
        },
      },
    },
  });
  expect(lines).toEqual([
    "address kubernetes_job_v1.topics",
    "address kubernetes_secret_v1.broker",
    "address kubernetes_stateful_set_v1.broker",
    "container broker",
    "file broker:/run/secrets/root",
    "job topics",
    "mount broker:/data persistent-volume-claim data-broker-0/data",
    "mount broker:/logs persistent-volume-claim logs/logs",
    "persistent-volume-claim data-broker-0",
    "secret broker",
    "secret broker/run.secrets.root",
    "stateful-set broker",
  ]);
});
