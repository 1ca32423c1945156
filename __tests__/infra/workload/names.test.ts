import { Construct, RootConstruct } from "constructs";
import { checkNames, Secret, Volume } from "../../../infra/workload";
import { objectsOf } from "../../support/kubernetes";
import { workloadOf } from "../../support/definitions";
import { Template } from "../../support/template";

/** What a check says of a definition with two components, each of which declares something. */
function check(declare: (scope: Construct, index: number) => void): () => void {
  const root = new RootConstruct();
  for (const index of [0, 1]) declare(new Construct(root, `component-${index}`), index);
  return () => checkNames(root);
}

test.each([
  ["container", (scope: Construct) => void workloadOf(scope, "postgres")],
  ["volume", (scope: Construct) => void new Volume(scope, "postgres")],
  ["secret", (scope: Construct) => void new Secret(scope, "postgres")],
])("a second %s of the same id is told with the first", (kind, declare) => {
  expect(check(declare)).toThrow(
    `component-1/postgres: duplicate ${kind} id: got "postgres", which is the id of component-0/postgres; ` +
      "expected another id for one of the two or its component",
  );
});

test("a container, a volume and a secret may have the same id", () => {
  const declare = (scope: Construct, index: number) => {
    workloadOf(new Construct(scope, "a"), `name-${index}`);
    new Volume(new Construct(scope, "b"), `name-${index}`);
    new Secret(new Construct(scope, "c"), `name-${index}`);
  };
  expect(check(declare)).not.toThrow();
});

test.each(["Orders", "orders_db", "1st", "orders-", "a".repeat(53)])("the id %s is no name", (id) => {
  const allowed = `invalid id: got "${id}"; expected a name of at most 52 lower-case letters, digits and hyphens, the first a letter, the last no hyphen`;
  expect(check((scope, index) => index === 0 && workloadOf(scope, id))).toThrow(allowed);
  expect(check((scope, index) => index === 0 && new Volume(scope, id))).toThrow(allowed);
});

test("a port of the host is published once", () => {
  const ports = (published?: number) => [{ name: "http", number: 8080, published }];
  expect(check((scope, i) => void workloadOf(scope, `app-${i}`, { ports: ports(9000) }))).toThrow(
    'component-1/app-1: duplicate published port: got 9000 for "http", which component-0/app-0 publishes; expected another port',
  );
  expect(check((scope, i) => void workloadOf(scope, `app-${i}`, { ports: ports(9000 + i) }))).not.toThrow();
  expect(check((scope, i) => void workloadOf(scope, `app-${i}`, { ports: ports() }))).not.toThrow();
});

test("both platforms check", () => {
  const declare = (scope: Construct) => {
    for (const id of ["a", "b"]) workloadOf(new Construct(scope, id), "postgres");
    return scope;
  };
  const onDocker = () => Template.fromDefinition((stack) => declare(new Construct(stack, "definition")));
  expect(onDocker).toThrow('duplicate container id: got "postgres"');
  expect(() => objectsOf(declare(new RootConstruct("root")))).toThrow(
    'duplicate container id: got "postgres"',
  );
});
