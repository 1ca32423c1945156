import type { DeadLetter, DeadLetterTopic, ReplayOutcome } from "@pipeline/common/dead-letters";
import { Partitioners } from "kafkajs";
import { table } from "../console";
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
    await withDeadLetters(access.ports, async (topic) => {
      const letters = (await topic.open()).filter(isChosen);
      if (letters.length + published.length === 0) {
        throw new UserError("nothing to replay matches; run: make dlq");
      }
      if (published.length > 0) {
        const count = (await rejected.republish(published)).toLocaleString("en");
        console.log(`${count} rejected rows republished`);
      }
      if (letters.length > 0) show(await send(topic, letters, access.ports));
    });
  });
}

async function send(
  topic: DeadLetterTopic,
  letters: readonly DeadLetter[],
  ports: StageAccess["ports"],
): Promise<ReplayOutcome> {
  const producer = publishedKafka(ports).producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  try {
    return await topic.replay(letters, producer);
  } finally {
    await producer.disconnect();
  }
}

function show({ sent, failed }: ReplayOutcome): void {
  const counts = new Map<string, number>();
  for (const { source } of sent) {
    const name = source.topic ?? "-";
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  for (const [name, count] of counts)
    console.log(`${count.toLocaleString("en")} dead letters replayed to ${name}`);
  if (failed.length === 0) return;
  console.log(table(failed.map(({ letter, reason }) => [`offset ${letter.offset}`, reason])));
  throw new UserError(
    `cannot replay ${failed.length.toLocaleString("en")} dead letters; they stay in users_dlq`,
  );
}
