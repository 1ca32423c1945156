import type { DeadLetter, DeadLetterTopic, ReplayOutcome } from "@pipeline/common/dead-letters";
import { Partitioners } from "kafkajs";
import { Progress, table } from "../console";
import { UserError } from "../errors";
import { publishedKafka, withDeadLetters } from "../kafka";
import { settings, synthesized } from "../project";
import { type Choice, selectionOf } from "../set-aside/choice";
import { Rejected } from "../set-aside/rejected";
import type { StageAccess } from "../stages";
import { Target } from "../targets";
import { Terraform } from "../terraform";

/** Replays the chosen dead letters and rejected rows through the stage that failed. */
export async function replay(target: Target, choice: Choice): Promise<void> {
  const { letter: isChosen, rejected: areChosen } = selectionOf(choice);
  const passwords = await new Terraform(synthesized(target.stack())).passwords();
  const access: StageAccess = { ports: settings().ports, passwords };
  const rejected = new Rejected(access);
  await target.withPorts(async () => {
    const rows = (await rejected.counts()).filter(areChosen);
    const published = rows.filter(({ stage }) => stage === "producer").map(({ reason }) => reason);
    const fetched = rows.filter(({ stage }) => stage === "fetch");
    if (fetched.length > 0) {
      const count = fetched.reduce((sum, row) => sum + row.count, 0).toLocaleString("en");
      console.log(`${count} rows rejected at stage fetch skipped: they never became users`);
    }
    if (published.length > 0) {
      const count = (await rejected.republish(published)).toLocaleString("en");
      console.log(`${count} rejected rows republished`);
    }
    const outcome = await withDeadLetters(access.ports, (topic) => send(topic, isChosen, access.ports));
    if (outcome.sent.size + outcome.failed + published.length === 0)
      throw new UserError("nothing to replay matches; run: make dlq");
    show(outcome);
  });
}

async function send(
  topic: DeadLetterTopic,
  isChosen: (letter: DeadLetter) => boolean,
  ports: StageAccess["ports"],
): Promise<ReplayOutcome> {
  const producer = publishedKafka(ports).producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  const progress = new Progress();
  let sent = 0;
  progress.begin("dead letters", () => `${sent.toLocaleString("en")} replayed`);
  await producer.connect();
  try {
    return await topic.replay(isChosen, producer, (outcome) => (sent = totalOf(outcome)));
  } finally {
    progress.stop();
    await producer.disconnect();
  }
}

function totalOf({ sent }: ReplayOutcome): number {
  return [...sent.values()].reduce((sum, count) => sum + count, 0);
}

function show({ sent, failed, failures }: ReplayOutcome): void {
  for (const [topic, count] of sent)
    console.log(`${count.toLocaleString("en")} dead letters replayed to ${topic}`);
  if (failed === 0) return;
  console.log(table(failures.map(({ letter, reason }) => [`offset ${letter.offset}`, reason])));
  if (failed > failures.length) console.log(`  and ${(failed - failures.length).toLocaleString("en")} more`);
  throw new UserError(`cannot replay ${failed.toLocaleString("en")} dead letters; they stay in users_dlq`);
}
