/*
 * What the HTTP API answers: the one contract between server and browser. Times are milliseconds since the epoch,
 * offsets and counts of records numbers (exact to 2^53).
 */

import type { ReasonCount } from "@pipeline/common/dead-letters/counts";
import type { DeadLetter } from "@pipeline/common/dead-letters/dead-letter";

/** Why something cannot be read now, and since when. */
export interface Problem {
  reason: string;
  since: number;
}

/** Figures of the sampler: the last that were read, with their age, even when nothing can be read now. */
export interface Sampled<T> {
  /** Null until the first sample. */
  data: T | null;
  /** When the figures were read. */
  asOf: number | null;
  /** Set while newer ones cannot be read. */
  problem: Problem | null;
}

/** The body of every answer that is not a success. */
export interface ApiError {
  error: string;
}

/** One setting of a broker or a topic. */
export interface ConfigEntry {
  name: string;
  /** Null for secrets, which Kafka does not return. */
  value: string | null;
  /** Whether it is Kafka's default: set neither here nor for the whole broker. */
  isDefault: boolean;
  /** Where the value comes from. */
  source: string;
}

export interface Broker {
  id: number;
  address: string;
  isController: boolean;
  /** Partitions it leads, and all it holds a replica of. */
  leads: number;
  replicas: number;
}

export interface BrokersView {
  brokers: Broker[];
  partitions: number;
  underReplicated: number;
}

export interface TopicSummary {
  name: string;
  /** Kafka's or the registry's own. */
  isInternal: boolean;
  partitions: number;
  /** Records between the first and the last offset. */
  messages: number;
  /** Records per second, over the last minute; null until two samples are there. */
  rate: number | null;
  underReplicated: number;
}

export interface Partition {
  id: number;
  /** -1 when it has none. */
  leader: number;
  replicas: number[];
  inSync: number[];
  first: number;
  /** The offset that the next record gets. */
  next: number;
}

/** Values of some series at the same times; null where there is none. */
export interface Chart {
  times: number[];
  series: { name: string; values: (number | null)[] }[];
}

export interface TopicView extends TopicSummary {
  partitionList: Partition[];
  chart: Chart;
}

export interface GroupSummary {
  id: string;
  /** Stable, Empty, PreparingRebalance, CompletingRebalance, Dead or Unknown. */
  state: string;
  members: number;
  topics: string[];
  /** Records not yet committed, over all partitions. */
  lag: number;
  /** In words: what of the group cannot be read; null when all of it can. */
  problem: string | null;
}

export interface GroupMember {
  id: string;
  clientId: string;
  host: string;
  /** Null when what it reads is not known. */
  partitions: number | null;
}

export interface GroupPartition {
  topic: string;
  partition: number;
  committed: number | null;
  next: number;
  lag: number;
  /** The client that reads it. */
  clientId: string | null;
}

export interface GroupView extends GroupSummary {
  protocol: string;
  memberList: GroupMember[];
  partitions: GroupPartition[];
  chart: Chart;
}

export type HopId = "staged" | "created" | "processed" | "stored";
export type HopState = "flowing" | "idle" | "stalled" | "unknown";

/** A place users pass, and whether they go on from it. */
export interface Hop {
  id: HopId;
  title: string;
  place: string;
  /** Who takes them on from here; null at the end. */
  next: string | null;
  state: HopState;
  /** Since when it is stalled or unknown. */
  since: number | null;
  /** In words: why it is stalled or unknown, or what is not known about it. */
  note: string | null;
  /** Users per second that came, over the last minute. */
  rate: number | null;
  total: number | null;
  /** In words: what the total counts. */
  totalOf: string;
  /** What waits to go on. */
  waiting: number | null;
  waitingUnit: "records" | "bytes";
}

/** The delay of some users from the change in PostgreSQL to Cassandra's acknowledgement, in seconds. */
export interface Delay {
  p50: number | null;
  p99: number | null;
  /** Users in the window. */
  count: number;
  windowSeconds: number;
}

export interface PipelineView {
  hops: Hop[];
  delay: Delay;
  /** Those that are open. */
  deadLetters: number | null;
  rejected: number | null;
  /** Users per second at the hops. */
  rates: Chart;
  /** Records that wait to go on. */
  waiting: Chart;
  /** p50 and p99 in seconds. */
  delays: Chart;
}

/** What a message holds. Text and bytes are null while they are hidden: they may be personal data. */
export type Content =
  | { kind: "tombstone" }
  | { kind: "avro"; schema: string; value: unknown; masked: number }
  | { kind: "json"; value: unknown; masked: number }
  | { kind: "bytes"; reason: string; hex: string | null; text: string | null };

export interface MessageView {
  topic: string;
  partition: number;
  offset: number;
  time: number;
  /** Text, or `0x…` when it is none. */
  key: string | null;
  headers: { name: string; value: string }[];
  schemaId: number | null;
  size: number;
  content: Content;
}

export interface MessagesView {
  messages: MessageView[];
  /** In words, when fewer were read than asked for though there may be more. */
  note: string | null;
}

export interface DeadLetterView extends DeadLetter {
  /** Whether it was not replayed since. */
  isOpen: boolean;
}

export interface DeadLettersView {
  topic: string;
  /** A record that was set aside several times counts once. Null while they are not all read. */
  counts: { total: number; open: number } | null;
  /** The newest first. */
  letters: DeadLetterView[];
  /** Of those among the letters that are open, the most frequent first. */
  reasons: ReasonCount[];
}

/** The bytes of one dead letter. */
export interface DeadLetterBytes {
  hex: string | null;
  text: string | null;
}

export interface SubjectSummary {
  subject: string;
  versions: number[];
  compatibility: string;
  type: string;
}

export interface SchemaView {
  subject: string;
  version: number;
  id: number;
  type: string;
  schema: string;
}

export interface CompatibilityView {
  compatible: boolean;
  reasons: string[];
}
