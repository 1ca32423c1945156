import { RootConstruct } from "constructs";
import { workloadOf } from "../../support/definitions";

const root = () => new RootConstruct("definition");

test("one container has the workload's name; replicas are numbered from 1", () => {
  expect(workloadOf(root(), "broker").containerNames).toEqual(["broker"]);
  expect(workloadOf(root(), "spark-worker", { replicas: 1 }).containerNames).toEqual(["spark-worker-1"]);
  expect(workloadOf(root(), "spark-worker", { replicas: 2 }).containerNames).toEqual([
    "spark-worker-1",
    "spark-worker-2",
  ]);
});

test.each([0, -1, 1.5, Number.NaN])("%p replicas are refused", (replicas) => {
  expect(() => workloadOf(root(), "worker", { replicas })).toThrow(
    /replicas is .*; allowed is a whole number from 1/,
  );
});

test("an address is the name and the number inside, published or not", () => {
  const broker = workloadOf(root(), "broker", { ports: [{ name: "kafka", number: 29092, published: 9092 }] });
  expect(broker.address("kafka")).toBe("broker:29092");
});
