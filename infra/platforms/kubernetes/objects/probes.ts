import type { Container, Probe as ProbeObject } from "kubernetes-types/core/v1";
import { Probe } from "../../../workload";

/** A process is killed only after so many missed answers in a row, at so many times the period: three minutes by default. */
const ALIVE_FAILURES = 6;
const ALIVE_PERIODS = 6;

/** The three probes that follow from the one that a workload declares. */
export function probes(probe: Probe): Pick<Container, "startupProbe" | "readinessProbe" | "livenessProbe"> {
  const timing = { periodSeconds: probe.period, timeoutSeconds: probe.timeout };
  return {
    startupProbe: { ...ready(probe), ...timing, failureThreshold: Math.ceil(probe.startup / probe.period) },
    readinessProbe: { ...ready(probe), ...timing, failureThreshold: 3 },
    livenessProbe: {
      ...alive(probe),
      periodSeconds: probe.period * ALIVE_PERIODS,
      timeoutSeconds: Math.max(probe.timeout, 10),
      failureThreshold: ALIVE_FAILURES,
    },
  };
}

function ready({ question }: Probe): ProbeObject {
  return question.kind === "http"
    ? { httpGet: { path: question.path, port: question.port } }
    : { exec: { command: [...question.command] } };
}

/** Never asks what depends on another server: a restart here would not bring that one back. */
function alive({ question }: Probe): ProbeObject {
  if (question.kind === "exec") return { exec: { command: [...question.command] } };
  return question.alivePath === undefined
    ? { tcpSocket: { port: question.port } }
    : { httpGet: { path: question.alivePath, port: question.port } };
}
