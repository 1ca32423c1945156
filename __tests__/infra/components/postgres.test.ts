import { Construct } from "constructs";
import { Postgres } from "../../../infra/components/postgres";
import { Producer } from "../../../infra/components/producer";
import { imageOf } from "../../support/definitions";
import { Template } from "../../support/template";

function render(declare: (postgres: Postgres, producer: Producer) => void = () => undefined): Template {
  return Template.fromDefinition((stack) => {
    const scope = new Construct(stack, "definition");
    const image = imageOf(scope, "image");
    const postgres = new Postgres(scope, "postgres", {
      image,
      setupImage: image,
      publishedPort: 5432,
      memory: 512,
    });
    declare(postgres, new Producer(scope, "producer", { image, memory: 256 }));
    return scope;
  });
}

function upload(template: Template, container: string, path: string): string | undefined {
  const uploads = template.container(container).upload as { file: string; content: string }[];
  return uploads.find(({ file }) => file === path)?.content;
}

test("logical replication is on, and what a slot may hold back is bounded", () => {
  expect(render().container("postgres").command).toEqual(
    expect.arrayContaining(["wal_level=logical", "max_slot_wal_keep_size=4GB"]),
  );
});

test("no password is in the environment: containers get files", () => {
  const template = render((postgres, producer) => postgres.grantPublish(producer));
  for (const name of ["postgres", "postgres-setup-run", "producer"]) {
    expect(template.container(name).env).toContain("POSTGRES_PASSWORD_FILE=/run/secrets/postgres-password");
  }
  const environments = JSON.stringify(
    Object.values(template.resources("docker_container")).map(({ env }) => env),
  );
  expect(environments).not.toContain("random_password");
});

test("a publisher gets a role and a password of its own, the slot, and the publication", () => {
  const template = render((postgres, producer) => postgres.grantPublish(producer));
  expect(template.container("producer").env).toEqual(
    expect.arrayContaining([
      "POSTGRES_HOST=postgres",
      "POSTGRES_DB=pipeline",
      "POSTGRES_USER=producer",
      "POSTGRES_SLOT=users_created",
      "POSTGRES_PUBLICATION=users_created",
    ]),
  );
  expect(upload(template, "producer", "/run/secrets/postgres-password")).toBe(
    "${random_password.postgres-producer-password.result}",
  );
});

test("the setup job makes what was declared: databases, roles, publication and slot", () => {
  const template = render((postgres, producer) => {
    postgres.addDatabase("airflow");
    postgres.grantPublish(producer);
  });
  expect(JSON.parse(upload(template, "postgres-setup-run", "/etc/pipeline/setup.json") ?? "")).toEqual({
    databases: [
      { name: "airflow", owner: "airflow_owner", passwordFile: "/run/secrets/airflow_owner-password" },
    ],
    roles: [
      { name: "reader", access: "read", passwordFile: "/run/secrets/reader-password" },
      { name: "producer", access: "publish", passwordFile: "/run/secrets/producer-password" },
    ],
    publication: "users_created",
    slot: "users_created",
  });
});

test("health is asked over TCP: during its first start the server listens on the socket only", () => {
  const { test: command } = render().container("postgres").healthcheck as { test: string[] };
  expect(command).toEqual(expect.arrayContaining(["pg_isready", "-h", "127.0.0.1"]));
});
