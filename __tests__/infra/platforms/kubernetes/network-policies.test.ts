import { RootConstruct } from "constructs";
import { Workload } from "../../../../infra/workload";
import { containersOf } from "../../../../infra/platforms/kubernetes/objects";
import { workloadOf } from "../../../support/definitions";
import { objectsOf, pipelineWith } from "../../../support/kubernetes";
import { allowedConnections } from "../../../support/reachability";

test("without a grant nothing reaches anything", () => {
  const root = new RootConstruct("root");
  for (const name of ["a", "b"]) workloadOf(root, name, { ports: [{ name: "http", number: 8080 }] });
  expect(allowedConnections(objectsOf(root))).toEqual([]);
});

test("a connection opens one port of one server for one client, in one direction", () => {
  const root = new RootConstruct("root");
  const ports = [
    { name: "http", number: 8080 },
    { name: "admin", number: 9090 },
  ];
  const server = workloadOf(root, "server", { ports });
  workloadOf(root, "client", { ports }).connectTo(server, "http");
  workloadOf(root, "other", { ports });
  expect(allowedConnections(objectsOf(root))).toEqual(["client -> server:8080"]);
});

test("a server outside is reached on its port", () => {
  const objects = objectsOf(
    pipelineWith(new RootConstruct("root"), { source: "https://randomuser.me/api/" }),
  );
  expect(allowedConnections(objects)).toEqual(expect.arrayContaining(["airflow-scheduler -> anywhere:443"]));
});

test("what the pipeline's policies allow is what the grants have opened, and the published ports", () => {
  const pipeline = pipelineWith(new RootConstruct("root"), { workers: 2 });
  const granted = containersOf(pipeline).flatMap((client) =>
    client.connections.map(({ server, port }) => `${client.node.id} -> ${server.address(port)}`),
  );
  const published = containersOf(pipeline).flatMap((server) =>
    server instanceof Workload
      ? server.ports
          .filter((port) => port.published !== undefined)
          .map(({ name }) => `anywhere -> ${server.address(name)}`)
      : [],
  );
  expect(allowedConnections(objectsOf(pipeline))).toEqual([...new Set([...granted, ...published])].sort());
});

test("what that is, as it was reviewed", () => {
  expect(allowedConnections(objectsOf(pipelineWith(new RootConstruct("root"))))).toMatchSnapshot();
});
