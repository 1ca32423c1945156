import execa from "execa";

const MIB: Readonly<Record<string, number>> = { B: 1 / 1024 / 1024, KiB: 1 / 1024, MiB: 1, GiB: 1024 };

/**
 * Resident memory of running containers in MiB, by container.
 * @param filter options of `docker ps` that select the containers
 */
export async function residentMemory(filter: readonly string[]): Promise<Map<string, number>> {
  const { stdout: ids } = await execa("docker", ["ps", "--quiet", "--no-trunc", ...filter]);
  if (ids === "") return new Map();
  const { stdout } = await execa("docker", [
    ...["stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}"],
    ...ids.split("\n"),
  ]);
  return new Map(
    stdout.split("\n").map((line) => {
      const [, name = "", amount = "0", unit = "MiB"] = /^(\S+) ([\d.]+)(\w+)/.exec(line) ?? [];
      return [name, Number(amount) * (MIB[unit] ?? Number.NaN)];
    }),
  );
}
