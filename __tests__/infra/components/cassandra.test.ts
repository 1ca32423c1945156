import { Construct } from "constructs";
import { Cassandra } from "../../../infra/components/cassandra";
import { Sink } from "../../../infra/components/sink";
import { imageOf } from "../../support/definitions";
import { Template } from "../../support/template";

let template: Template;
beforeAll(() => {
  template = Template.fromDefinition((stack) => {
    const scope = new Construct(stack, "definition");
    const image = imageOf(scope, "image");
    const cassandra = new Cassandra(scope, "cassandra", {
      image,
      setupImage: image,
      publishedPort: 9042,
      memory: 2048,
      heap: 1024,
    });
    cassandra.grantWrite(new Sink(scope, "sink", { image, memory: 256 }));
    return scope;
  });
});

const options = () =>
  (template.container("cassandra").env as string[]).find((variable) =>
    variable.startsWith("JVM_EXTRA_OPTS="),
  );

test("a write is acknowledged when it is on disk", () => {
  expect(options()).toContain("-Dcassandra.settings.commitlog_sync=batch");
});

test("logins are asked for, with the official image's variables alone", () => {
  expect(options()).toContain("-Dcassandra.settings.authenticator=PasswordAuthenticator");
  expect(options()).toContain("-Dcassandra.settings.authorizer=CassandraAuthorizer");
});

test("heap and new generation are set together: the image refuses one without the other", () => {
  const { env } = template.container("cassandra") as { env: string[] };
  expect(env).toEqual(expect.arrayContaining(["MAX_HEAP_SIZE=1024M", "HEAP_NEWSIZE=256M"]));
});

test("cqlsh in the container logs in as the read-only role and survives a long COUNT(*)", () => {
  const uploads = template.container("cassandra").upload as { file: string; content: string }[];
  const content = (name: string) => uploads.find(({ file }) => file === name)?.content;
  expect(content("/run/secrets/cqlsh-credentials")).toContain("username = reader");
  expect(content("/run/secrets/cqlsh-credentials")).toContain(
    "password = ${random_password.cassandra-reader-password.result}",
  );
  expect(content("/etc/pipeline/cqlshrc")).toMatch(/request_timeout = \d{3,}/);
});

test("the app that was granted writing has a role of its own and starts when the tables exist", () => {
  const sink = template.container("sink");
  expect(sink.env).toEqual(
    expect.arrayContaining([
      "CASSANDRA_HOST=cassandra",
      "CASSANDRA_KEYSPACE=spark_streams",
      "CASSANDRA_USER=sink",
      "CASSANDRA_PASSWORD_FILE=/run/secrets/cassandra-password",
    ]),
  );
  expect(sink.depends_on).toContain("terraform_data.cassandra-setup");
});
