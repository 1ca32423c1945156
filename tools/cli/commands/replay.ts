import { Partitioners } from "kafkajs";
import type { ReplayOutcome } from "../../../apps/common/src/dead-letters";
import { table } from "../console";
import { UserError } from "../errors";
import { publishedKafka, withDeadLetters } from "../kafka";
import { settings } from "../project";
import { type Choice, selectionOf } from "../set-aside/choice";
import { Target } from "../targets";

/** Sends the dead letters that were chosen again through the stage that failed, once. */
export async function replay(target: Target, choice: Choice): Promise<void> {
  const selection = selectionOf(choice);
  const { ports } = settings();
  const outcome = await target.withPorts(() =>
    withDeadLetters(ports, async (topic) => {
      const letters = (await topic.open()).filter(selection.letter);
      if (letters.length === 0) throw new UserError("no dead letter matches; make dlq lists them");
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
    }),
  );
  show(outcome);
}

function show({ sent, failed }: ReplayOutcome): void {
  const counts = new Map<string, number>();
  for (const { source } of sent) counts.set(source.topic ?? "", (counts.get(source.topic ?? "") ?? 0) + 1);
  for (const [topic, count] of counts) console.log(`${count.toLocaleString("en")} sent again to ${topic}`);
  if (failed.length === 0) return;
  console.log(table(failed.map(({ letter, reason }) => [String(letter.offset), reason])));
  throw new UserError(`${failed.length.toLocaleString("en")} could not be sent; they stay in users_dlq`);
}
