import { checkFacts } from "../../support/containers";
import { compareComponent } from "../../support/reviewed";

compareComponent("postgres");

const PASSWORD_FILE = "/run/secrets/postgres-password";
const superuser = {
  env: { POSTGRES_USER: "postgres", POSTGRES_PASSWORD_FILE: PASSWORD_FILE },
  files: { [PASSWORD_FILE]: "${random_password.postgres-password.result}" },
};

checkFacts([
  ["postgres", "clients inside and on the host use port 5432", { published: { 5432: 5432 } }],
  ["postgres", "it runs as the user of the official image", { user: "999:999" }],
  ["postgres", "its memory limit is 512 MiB", { memory: 512 }],
  [
    "postgres",
    "the data lies in a folder of the volume that belongs to the server's user",
    {
      mounts: { "/var/lib/postgresql/data": "postgres-data" },
      env: { PGDATA: "/var/lib/postgresql/data/pgdata" },
    },
  ],
  [
    "postgres",
    "logical replication is on, and what a slot may hold back is bounded",
    { args: expect.arrayContaining(["wal_level=logical", "max_slot_wal_keep_size=4GB"]) as string[] },
  ],
  [
    "postgres",
    "the probe uses TCP: during its first start the server listens on the socket only",
    { probe: { handler: "pg_isready -q -h 127.0.0.1 -U postgres -d pipeline" } },
  ],
  ["postgres", "a shutdown with its checkpoint has 90 seconds", { stopGracePeriod: 90 }],
  ["postgres", "the superuser's password is in a file, not in the environment", superuser],
  [
    "postgres-setup",
    "the job logs in as the superuser when the server is ready",
    { ...superuser, startsAfter: ["postgres"] },
  ],
  [
    "postgres-setup",
    "each app has a role of its own with the access that it was granted",
    {
      declaration: {
        databases: [
          { name: "airflow", owner: "airflow_owner", passwordFile: "/run/secrets/airflow_owner-password" },
        ],
        roles: [
          { name: "reader", access: "read", passwordFile: "/run/secrets/reader-password" },
          { name: "airflow", access: "write", passwordFile: "/run/secrets/airflow-password" },
          { name: "producer", access: "publish", passwordFile: "/run/secrets/producer-password" },
        ],
        publication: "users_created",
        slot: "users_created",
      },
    },
  ],
  [
    "postgres-setup",
    "each role has a generated password of its own",
    {
      files: {
        "/run/secrets/reader-password": "${random_password.postgres-reader-password.result}",
        "/run/secrets/airflow-password": "${random_password.postgres-airflow-password.result}",
        "/run/secrets/producer-password": "${random_password.postgres-producer-password.result}",
      },
    },
  ],
]);
