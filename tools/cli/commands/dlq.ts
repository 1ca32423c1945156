import { type DeadLetter, type ReasonCount, ReasonCounter } from "@pipeline/common/dead-letters";
import { pc, table } from "../console";
import { withDeadLetters } from "../kafka";
import { settings, synthesized } from "../project";
import { Rejected, type RejectedRows } from "../set-aside/rejected";
import { Target } from "../targets";
import { Terraform } from "../terraform";

/** Number of dead letters that are listed individually, newest first. */
const SHOWN = 50;

/** Lists what was set aside: dead letters that were not replayed, and rows that were rejected before Kafka. */
export async function dlq(target: Target): Promise<void> {
  const passwords = await new Terraform(synthesized(target.stack())).passwords();
  const { ports } = settings();
  const [letters, rejected] = await target.withPorts(() =>
    Promise.all([
      withDeadLetters(ports, (topic) => overviewOf(topic.open())),
      new Rejected({ ports, passwords }).counts(),
    ]),
  );
  console.log(`${lettersShown(letters)}\n\n${rejectedShown(rejected)}`);
}

/** What is shown of any number of letters. */
interface Overview {
  readonly total: number;
  readonly reasons: readonly ReasonCount[];
  /** The newest ones, the newest first. */
  readonly newest: readonly DeadLetter[];
}

async function overviewOf(letters: AsyncIterable<DeadLetter>): Promise<Overview> {
  const reasons = new ReasonCounter();
  const newest: DeadLetter[] = [];
  let total = 0;
  for await (const letter of letters) {
    total++;
    reasons.add(letter);
    newest.unshift(letter);
    if (newest.length > SHOWN) newest.pop();
  }
  return { total, reasons: reasons.counts, newest };
}

function lettersShown({ total, reasons, newest }: Overview): string {
  const heading = pc.bold("Dead letters in users_dlq");
  if (total === 0) return `${heading}\n  none`;
  const hidden = total - newest.length;
  return [
    heading,
    countsTable(reasons),
    "",
    table([
      ["offset", "time", "stage", "from", "key", "schema", "bytes", "reason"],
      ...newest.map((letter) => [
        String(letter.offset),
        new Date(letter.time).toISOString().slice(0, 19).replace("T", " "),
        letter.stage ?? "-",
        from(letter),
        letter.source.key ?? "-",
        String(letter.schemaId ?? "-"),
        letter.size.toLocaleString("en"),
        letter.reason ?? "-",
      ]),
    ]),
    ...(hidden > 0 ? [`  and ${hidden.toLocaleString("en")} older`] : []),
    "",
    '  To replay them: make replay REASON="text in the reason", OFFSETS=10-20 or ALL=1',
  ].join("\n");
}

function from({ source: { topic, partition, offset } }: DeadLetter): string {
  return topic === null ? "-" : `${topic}/${partition ?? "?"} @ ${offset ?? "?"}`;
}

function rejectedShown(rejected: readonly RejectedRows[]): string {
  const heading = pc.bold("Rejected rows in staging.rejected");
  return rejected.length === 0 ? `${heading}\n  none` : `${heading}\n${countsTable(rejected)}`;
}

function countsTable(counts: readonly { stage: string; reason: string; count: number }[]): string {
  return table([
    ["count", "stage", "reason"],
    ...counts.map(({ stage, reason, count }) => [count.toLocaleString("en"), stage, reason]),
  ]);
}
