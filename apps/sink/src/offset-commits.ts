/** The offset of the next record to read of a partition, as kafkajs wants it. */
export interface TopicPartitionOffset {
  topic: string;
  partition: number;
  offset: string;
}

/**
 * Progress that is not committed yet, newest per partition. Committing is apart from processing, since a commit for
 * each of a hundred small batches a second would cost more than the work itself; what a crash repeats changes nothing.
 */
export class OffsetCommits {
  readonly #pending = new Map<string, TopicPartitionOffset>();
  #flushing: Promise<void> | undefined;

  /** @param commit sends offsets to Kafka */
  constructor(private readonly commit: (offsets: TopicPartitionOffset[]) => Promise<void>) {}

  /** All records before `nextOffset` are done. */
  note(topic: string, partition: number, nextOffset: bigint): void {
    this.#pending.set(`${topic}|${partition}`, { topic, partition, offset: nextOffset.toString() });
  }

  /** Forgets what is pending: after a rebalance partitions may belong to others, and be further. */
  clear(): void {
    this.#pending.clear();
  }

  /**
   * Commits what is pending; one commit at a time.
   *
   * @throws when Kafka did not take it; it stays pending
   */
  async flush(): Promise<void> {
    while (this.#flushing) await this.#flushing.catch(() => undefined);
    if (this.#pending.size === 0) return;
    this.#flushing = this.#commitPending();
    try {
      await this.#flushing;
    } finally {
      this.#flushing = undefined;
    }
  }

  async #commitPending(): Promise<void> {
    const offsets = [...this.#pending];
    await this.commit(offsets.map(([, offset]) => offset));
    for (const [key, offset] of offsets) {
      if (this.#pending.get(key) === offset) this.#pending.delete(key);
    }
  }
}
