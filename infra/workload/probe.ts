/** How often a probe asks and how long it may take, in seconds. */
export interface ProbeTiming {
  /**
   * Seconds between two questions.
   * @default 5
   */
  readonly period?: number;
  /**
   * Seconds until an answer counts as missing.
   * @default 5
   */
  readonly timeout?: number;
  /**
   * Seconds that the first start may take before the deploy fails.
   * @default 120
   */
  readonly startup?: number;
}

/** How an HTTP probe asks. */
export interface HttpProbeTiming extends ProbeTiming {
  /**
   * The path that answers as long as the process itself works, whatever else is away.
   * @default - that the port takes connections is enough
   */
  readonly alivePath?: string;
}

/** The question that tells whether a workload is ready. Cheap, since it is asked for as long as the workload runs. A
 * command asks about the container alone; an HTTP path may also depend on other servers, so the question whether the process
 * itself works is another. */
export type ProbeQuestion =
  | { readonly kind: "http"; readonly port: number; readonly path: string; readonly alivePath?: string }
  | { readonly kind: "exec"; readonly command: readonly string[] };

/** A readiness probe: ready when an HTTP path answers 2xx, or when a command inside the container exits 0. */
export class Probe {
  /** Ready when `GET path` on the port answers with a status of 200 to 299. */
  static http(port: number, path: string, { alivePath, ...timing }: HttpProbeTiming = {}): Probe {
    return new Probe({ kind: "http", port, path, alivePath }, timing);
  }

  /** Ready when the command, run inside the container, exits 0. */
  static exec(command: readonly string[], timing: ProbeTiming = {}): Probe {
    return new Probe({ kind: "exec", command }, timing);
  }

  /**
   * Ready when a TCP service answers a request as expected.
   *
   * Asked with bash and coreutils alone: no tool that speaks these protocols starts quickly enough to be asked often.
   * @param request the bytes to send
   * @param answer how many bytes of the answer to read, and the regular expression that these bytes, written in
   * hexadecimal and separated by spaces, must match
   */
  static tcp(
    port: number,
    request: Buffer,
    answer: { bytes: number; matches: string },
    timing: ProbeTiming = {},
  ): Probe {
    const escaped = [...request].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
    const script =
      `exec 3<>/dev/tcp/127.0.0.1/${port} && printf '${escaped}' >&3 && ` +
      `head -c ${answer.bytes} <&3 | od -An -v -tx1 | grep -qE '${answer.matches}'`;
    return new Probe({ kind: "exec", command: ["bash", "-c", script] }, timing);
  }

  readonly period: number;
  readonly timeout: number;
  readonly startup: number;

  private constructor(
    readonly question: ProbeQuestion,
    timing: ProbeTiming,
  ) {
    this.period = timing.period ?? 5;
    this.timeout = timing.timeout ?? 5;
    this.startup = timing.startup ?? 120;
  }
}
