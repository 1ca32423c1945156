import { status } from "../../tools/cli/commands/status";
import { settings } from "../../tools/cli/project";
import type { Target } from "../../tools/cli/targets";

jest.mock("../../tools/cli/project", () => ({
  ...jest.requireActual<object>("../../tools/cli/project"),
  synthesized: (source: unknown) => source,
}));
jest.mock("../../tools/cli/terraform", () => ({
  Terraform: class {
    passwords = () =>
      Promise.resolve({
        "airflow-admin-password": "secret-of-airflow",
        "postgres-reader-password": "secret-of-postgres",
        "cassandra-reader-password": "secret-of-cassandra",
      });
  },
}));
jest.mock("../../tools/cli/stages", () => ({ countStages: () => Promise.resolve({ staged: 1234 }) }));

/** A target on which one container runs. */
const target = {
  stack: () => "stack",
  running: () => Promise.resolve([{ name: "broker", state: "Up 2 minutes (healthy)", memory: 512 }]),
  withPorts: (use: () => unknown) => use(),
  execCommand: (name: string) => `docker exec -it ${name}`,
} as unknown as Target;

/** What `make status` prints. */
async function printed(): Promise<string> {
  const log = jest.spyOn(console, "log").mockImplementation(() => undefined);
  try {
    await status(target);
    return log.mock.calls.flat().join("\n");
  } finally {
    log.mockRestore();
  }
}

test("status prints the address and the login of each server, without a `make up` before it", async () => {
  const output = await printed();
  const { ports } = settings();
  expect(output).toContain(`http://localhost:${ports.airflow}`);
  expect(output).toContain("admin / secret-of-airflow");
  expect(output).toContain(`http://localhost:${ports.controlCenter}`);
  expect(output).toContain(`localhost:${ports.kafka}`);
  expect(output).toMatch(new RegExp(`localhost:${ports.postgres}/pipeline +reader / secret-of-postgres`));
  expect(output).toMatch(new RegExp(`localhost:${ports.cassandra} +reader / secret-of-cassandra`));
});

test("status prints what runs, and the users at each stage", async () => {
  const output = await printed();
  expect(output).toMatch(/broker +Up 2 minutes \(healthy\) +512 MiB/);
  expect(output).toMatch(/staged in PostgreSQL +1,234/);
  expect(output).toMatch(/stored in Cassandra +unreachable/);
});
