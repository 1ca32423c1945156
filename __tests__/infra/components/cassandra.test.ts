import { checkFacts } from "../../support/containers";
import { compareComponent } from "../../support/reviewed";

compareComponent("cassandra");

const options = (...settings: readonly string[]) => ({
  env: {
    JVM_EXTRA_OPTS: expect.stringMatching(
      settings.map((setting) => `-Dcassandra.settings.${setting}(?= ).*`).join(""),
    ) as string,
  },
});

checkFacts([
  ["cassandra", "clients inside and on the host use port 9042", { published: { 9042: 9042 } }],
  ["cassandra", "it runs as the user of the official image", { user: "999:999" }],
  ["cassandra", "the tables are kept in a volume", { mounts: { "/var/lib/cassandra": "cassandra-data" } }],
  [
    "cassandra",
    "heap and new generation are set together: the image refuses one without the other",
    { memory: 1536, env: { MAX_HEAP_SIZE: "512M", HEAP_NEWSIZE: "128M" } },
  ],
  [
    "cassandra",
    "a write is acknowledged when it is on disk",
    options("commitlog_sync=batch", "commitlog_sync_period=0ms"),
  ],
  [
    "cassandra",
    "a login is required",
    options("authenticator=PasswordAuthenticator", "authorizer=CassandraAuthorizer"),
  ],
  [
    "cassandra",
    "cqlsh in the container logs in as the read-only role and waits for a long COUNT(*)",
    {
      files: {
        "/run/secrets/cqlsh-credentials":
          "[PlainTextAuthProvider]\nusername = reader\npassword = ${random_password.cassandra-reader-password.result}\n",
        "/etc/pipeline/cqlshrc": expect.stringMatching(/^request_timeout = 600$/m) as string,
      },
    },
  ],
  ["cassandra", "the first start may take three minutes", { probe: { startup: 180 } }],
  ["cassandra", "a shutdown has a minute", { stopGracePeriod: 60 }],
  [
    "cassandra-setup",
    "the job logs in as the administrator when the server is ready",
    {
      env: { CASSANDRA_USER: "admin", CASSANDRA_PASSWORD_FILE: "/run/secrets/cassandra-password" },
      files: { "/run/secrets/cassandra-password": "${random_password.cassandra-admin-password.result}" },
      startsAfter: ["cassandra"],
    },
  ],
  [
    "cassandra-setup",
    "only the sink may write; people and the reconciliation read",
    {
      declaration: {
        cqlFiles: [],
        roles: [
          { name: "reader", access: "read", passwordFile: "/run/secrets/reader-password" },
          { name: "sink", access: "write", passwordFile: "/run/secrets/sink-password" },
          { name: "reconciliation", access: "read", passwordFile: "/run/secrets/reconciliation-password" },
        ],
      },
    },
  ],
]);
