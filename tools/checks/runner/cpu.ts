import { readFileSync } from "node:fs";
import { cpus } from "node:os";

/** Linux counts CPU time for programs in hundredths of a second, on every architecture (USER_HZ). */
const TICKS_PER_SECOND = 100;

/** CPU seconds that this process and its ended descendants have used. */
export function processCpuSeconds(): number {
  // The second field is the name of the program, which may hold spaces: the rest follows its bracket. See proc(5).
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ").at(-1)!.split(" ");
  const [user, system, childrenUser, childrenSystem] = fields.slice(11, 15).map(Number);
  return (user! + system! + childrenUser! + childrenSystem!) / TICKS_PER_SECOND;
}

/** CPU seconds that the whole machine has used since its start, containers included. */
export function machineCpuSeconds(): number {
  const busy = cpus().map(({ times: { user, nice, sys, irq } }) => user + nice + sys + irq);
  return busy.reduce((sum, each) => sum + each, 0) / 1000;
}
