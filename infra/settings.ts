import { z } from "zod";

const port = (number: number) => z.coerce.number().int().min(1).max(65535).default(number);

/** Every setting of the pipeline, with its default. */
const schema = z.strictObject({
  /** Whether containers run. `false` keeps networks, volumes, passwords and images, and removes containers. */
  running: z.stringbool().or(z.boolean()).default(true),
  /** Cron expression: when Airflow fetches users. */
  schedule: z.string().min(1).default("* * * * *"),
  /** Users that each run fetches. */
  usersPerRun: z.coerce.number().int().min(1).max(100_000).default(100),
  /** Spark workers. */
  workers: z.coerce.number().int().min(1).max(16).default(1),
  /** Partitions of users_created and users_processed. */
  partitions: z.coerce.number().int().min(1).max(64).default(3),
  /** Ports on the host's loopback address. */
  ports: z
    .strictObject({
      airflow: port(8080),
      schemaRegistry: port(8081),
      kafka: port(9092),
      zookeeper: port(2181),
      postgres: port(5432),
      cassandra: port(9042),
      sparkMaster: port(9090),
      sparkApplication: port(4040),
    })
    .prefault({})
    .superRefine((ports, context) => {
      for (const [name, number] of Object.entries(ports)) {
        const other = Object.entries(ports).find(([candidate, n]) => n === number && candidate < name);
        if (other !== undefined) {
          context.addIssue({
            code: "custom",
            path: [name],
            message: `${number} is also the port of ${other[0]}; give one of them another`,
          });
        }
      }
    }),
});

/** The validated settings. */
export type Settings = z.infer<typeof schema>;

/** Settings that are wrong: every mistake, not the first. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`wrong settings:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.name = "SettingsError";
  }
}

/**
 * Validates settings and fills in defaults.
 * @param given the `pipeline` object of cdktf.json's context
 * @throws SettingsError with every mistake: the setting, the value given, what is allowed
 */
export function resolveSettings(given: unknown): Settings {
  const result = schema.safeParse(given ?? {});
  if (result.success) return result.data;
  throw new SettingsError(
    result.error.issues.map((issue) => {
      const name = issue.path.join(".") || "pipeline";
      const value = issue.path.reduce<unknown>(
        (object, key) => (object as Record<PropertyKey, unknown>)?.[key],
        given,
      );
      const shown = value === undefined || typeof value === "object" ? "" : ` is ${JSON.stringify(value)}`;
      return `${name}${shown}: ${issue.message}`;
    }),
  );
}
