import { freemem, totalmem } from "node:os";
import { Finding, fine, problem } from "./check";
import { EngineInfo } from "./engine";

/** A container of the pipeline: its name, and its memory limit in MiB. */
export interface WantedContainer {
  readonly name: string;
  readonly memory: number;
}

/** Resident memory of containers as a share of their limits: `make bench` measures 0.36 to 0.40. */
const RESIDENT_SHARE = 0.45;
const MIB = 1024 * 1024;

/**
 * Checks that the engine's machine has enough memory for what the containers will hold resident.
 * @param running containers that already hold their share
 */
export function checkMemory(
  containers: readonly WantedContainer[],
  running: readonly WantedContainer[],
  engine: EngineInfo | undefined,
): Finding {
  const needed = resident(containers);
  // Of an engine in a virtual machine, only the total memory is known.
  const elsewhere = engine !== undefined && Math.abs(engine.MemTotal - totalmem()) > 64 * MIB;
  const free = elsewhere ? engine.MemTotal / MIB : freemem() / MIB + resident(running);
  if (free >= needed) return fine("memory", `${gib(free)} free, about ${gib(needed)} needed`);
  return problem(
    "memory",
    `${gib(free)} free, about ${gib(needed)} needed; containers would be OOM-killed`,
    elsewhere
      ? "Assign more memory to the engine's virtual machine (Docker Desktop: Settings, Resources)."
      : "Stop other programs, or use a machine with more memory.",
    "Lower workers or the memory limits; to list them, run: make settings",
  );
}

function resident(containers: readonly WantedContainer[]): number {
  return containers.reduce((sum, { memory }) => sum + memory, 0) * RESIDENT_SHARE;
}

function gib(mib: number): string {
  return `${(mib / 1024).toFixed(1)} GiB`;
}
