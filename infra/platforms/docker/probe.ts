import { Probe } from "../../workload";

/** The command that asks a probe's question from inside the container. */
export function probeCommand({ question }: Probe): string[] {
  switch (question.kind) {
    case "exec":
      return ["CMD", ...question.command];
    case "http":
      // Bash alone: not every official image has curl or wget. HTTP/1.0, so that the server closes the connection; read to
      // its end, since servers log a client that goes away early.
      return [
        "CMD",
        "bash",
        "-c",
        `exec 3<>/dev/tcp/127.0.0.1/${question.port} && ` +
          `printf 'GET ${question.path} HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && ` +
          `read -r _ status _ <&3 && cat <&3 >/dev/null && [[ $status == 2?? ]]`,
      ];
  }
}
