import { freemem, totalmem } from "node:os";
import { Finding, fine, problem } from "./check";
import { EngineInfo } from "./engine";

/** A container that the pipeline wants: its name, and its memory limit in MiB. */
export interface WantedContainer {
  readonly name: string;
  readonly memory: number;
}

/** What containers hold resident in practice, as a share of their limits: 0.36 to 0.40 by `make bench`, and some room. */
const RESIDENT_SHARE = 0.45;
const MIB = 1024 * 1024;

/**
 * Whether the engine's machine has memory for what the containers will really use.
 * @param running those of them that hold their part already
 */
export function checkMemory(
  containers: readonly WantedContainer[],
  running: readonly WantedContainer[],
  engine: EngineInfo | undefined,
): Finding {
  const needed = resident(containers);
  // An engine in a virtual machine has its own memory, of which only the whole is known from outside.
  const elsewhere = engine !== undefined && Math.abs(engine.MemTotal - totalmem()) > 64 * MIB;
  const free = elsewhere ? engine.MemTotal / MIB : freemem() / MIB + resident(running);
  if (free >= needed) return fine("memory", `${gib(free)} free, about ${gib(needed)} needed`);
  return problem(
    "memory",
    `${gib(free)} free, about ${gib(needed)} needed: containers would be killed`,
    elsewhere
      ? "Give the engine's virtual machine more memory (Docker Desktop: Settings, Resources)."
      : "End other programs, or use a machine with more memory.",
    "Fewer workers need less; make settings lists them, and the limits.",
  );
}

function resident(containers: readonly WantedContainer[]): number {
  return containers.reduce((sum, { memory }) => sum + memory, 0) * RESIDENT_SHARE;
}

function gib(mib: number): string {
  return `${(mib / 1024).toFixed(1)} GiB`;
}
