import { type ClusterReader, countByReason, textOf } from "@pipeline/common";
import type { FastifyInstance } from "fastify";
import type {
  BrokersView,
  CompatibilityView,
  ConfigEntry,
  DeadLetterBytes,
  DeadLettersView,
  GroupSummary,
  GroupView,
  MessagesView,
  PipelineView,
  Sampled,
  SchemaView,
  SubjectSummary,
  TopicSummary,
  TopicView,
} from "../api";
import type { ControlCenterConfig } from "../config";
import { NotFoundError } from "../errors";
import { browse, type BrowseQuery } from "../kafka/browse";
import type { Configs } from "../kafka/configs";
import type { DeadLetters } from "../kafka/dead-letters";
import type { Tails } from "../kafka/tail";
import type { AvroValues } from "../messages/avro-values";
import { present } from "../messages/present";
import { pipelineView } from "../pipeline/pipeline-view";
import type { Sampler } from "../pipeline/sampler";
import type { RegistryClient } from "../registry-client";
import { Shared } from "../shared";
import { brokersView, groupsView, groupView, sampled, topicsView, topicView } from "../views";
import { eventStream } from "./event-stream";
import {
  compatibilityBody,
  deadLettersQuery,
  messagesQuery,
  numberParam,
  parsed,
  revealQuery,
} from "./query";

/** Answers to what the registry is asked are good for as long as a sample. */
const KEEP_MS = 5_000;

/** What the routes read from. */
export interface RouteSources {
  config: ControlCenterConfig;
  sampler: Sampler;
  reader: ClusterReader;
  tails: Tails;
  deadLetters: DeadLetters;
  configs: Configs;
  avro: AvroValues;
  registry: RegistryClient;
}

/** The API below /api/: see api.ts for what each answers. */
export function addRoutes(server: FastifyInstance, sources: RouteSources): void {
  addSampledRoutes(server, sources);
  addMessageRoutes(server, sources);
  addSchemaRoutes(server, sources);
  server.all("/api/*", (request) => {
    throw new NotFoundError(`nothing is at ${request.method} ${request.url}`);
  });
}

/** What the sampler knows, and the configuration of brokers and topics. */
function addSampledRoutes(server: FastifyInstance, { config, sampler, configs }: RouteSources): void {
  const samples = () => sampler.history.entries;
  /** Tells the browser that there are newer figures; it asks for those it shows. */
  server.get("/api/events", (_request, reply) => {
    eventStream(reply, (send) => sampler.onSample(() => send("sample", { time: samples().at(-1)?.time })));
  });

  server.get("/api/pipeline", (): Sampled<PipelineView> => {
    const { problem: kafkaProblem, appProblems } = sampler;
    const data = pipelineView({ config, samples: samples(), kafkaProblem, appProblems });
    // While Kafka is away, the apps still answer: the figures are as old as the oldest of them.
    const asOf = (kafkaProblem ? sampler.snapshot?.time : samples().at(-1)?.time) ?? null;
    return { data: samples().length === 0 ? null : data, asOf, problem: kafkaProblem };
  });

  server.get("/api/brokers", (): Sampled<BrokersView> => sampled(sampler, brokersView));
  server.get<{ Params: { id: string } }>(
    "/api/brokers/:id/config",
    ({ params }): Promise<ConfigEntry[]> => configs.ofBroker(parsed(numberParam, params.id)),
  );

  server.get(
    "/api/topics",
    (): Sampled<TopicSummary[]> => sampled(sampler, (snapshot) => topicsView(snapshot, samples())),
  );
  server.get<{ Params: { name: string } }>(
    "/api/topics/:name",
    ({ params }): Sampled<TopicView> =>
      sampled(sampler, (snapshot) => {
        const view = topicView(params.name, snapshot, samples());
        if (!view) throw new NotFoundError(`there is no topic ${params.name}`);
        return view;
      }),
  );
  server.get<{ Params: { name: string } }>(
    "/api/topics/:name/config",
    ({ params }): Promise<ConfigEntry[]> => configs.ofTopic(params.name),
  );

  server.get("/api/groups", (): Sampled<GroupSummary[]> => sampled(sampler, groupsView));
  server.get<{ Params: { id: string } }>(
    "/api/groups/:id",
    ({ params }): Sampled<GroupView> =>
      sampled(sampler, (snapshot) => {
        const view = groupView(params.id, snapshot, samples());
        if (!view) throw new NotFoundError(`there is no consumer group ${params.id}`);
        return view;
      }),
  );
}

/** Messages and dead letters, read from Kafka when asked for. */
function addMessageRoutes(
  server: FastifyInstance,
  { config, reader, tails, avro, deadLetters }: RouteSources,
): void {
  server.get<{ Params: { name: string } }>(
    "/api/topics/:name/messages",
    async (request): Promise<MessagesView> => {
      const { from, offset = 0, time = 0, reveal, ...query } = parsed(messagesQuery, request.query);
      const starts: Record<typeof from, BrowseQuery["from"]> = {
        latest: { kind: "latest" },
        offset: { kind: "offset", offset },
        time: { kind: "time", time },
      };
      const { records, cut } = await browse(reader, {
        topic: request.params.name,
        ...query,
        from: starts[from],
      });
      const messages = await Promise.all(records.map((record) => present(record, avro, reveal === "1")));
      return { messages, note: cut ? "These messages are large: fewer were read than asked for." : null };
    },
  );

  server.get<{ Params: { name: string } }>("/api/topics/:name/tail", (request, reply) => {
    const { reveal } = parsed(revealQuery, request.query);
    eventStream(reply, (send) => {
      // One after the other, as presenting may have to wait for a schema.
      let sending = Promise.resolve();
      return tails.watch(request.params.name, (event) => {
        sending = sending.then(async () => {
          if (event.kind === "problem") return send("problem", { reason: event.reason });
          const { records, skipped } = event;
          const messages = await Promise.all(records.map((record) => present(record, avro, reveal === "1")));
          send("messages", { messages, skipped });
        });
      });
    });
  });

  const topic = config.KAFKA_DLQ_TOPIC;
  server.get("/api/dead-letters", async (request): Promise<DeadLettersView> => {
    const { limit } = parsed(deadLettersQuery, request.query);
    // Before letters are read: what is counted is then among them.
    const { counts } = deadLetters;
    const newest = await deadLetters.newest(limit);
    const letters = newest.map((letter) => ({ ...letter, isOpen: deadLetters.isOpen(letter.key) }));
    const reasons = countByReason(letters.filter(({ isOpen }) => isOpen));
    return { topic, counts, letters, reasons };
  });

  server.get<{ Params: { partition: string; offset: string } }>(
    "/api/dead-letters/:partition/:offset",
    async ({ params }): Promise<DeadLetterBytes> => {
      const partition = parsed(numberParam, params.partition);
      const offset = parsed(numberParam, params.offset);
      const query: BrowseQuery = { topic, partition, limit: 1, from: { kind: "offset", offset } };
      const [record] = (await browse(reader, query)).records;
      if (record?.offset !== offset) throw new NotFoundError(`${topic} no longer has offset ${offset}`);
      const { value } = record;
      return { hex: value && value.toString("hex"), text: (value && textOf(value)) ?? null };
    },
  );
}

/** What the schema registry knows. */
function addSchemaRoutes(server: FastifyInstance, { registry }: RouteSources): void {
  const subjects = new Shared<SubjectSummary[]>(KEEP_MS);
  server.get("/api/schemas", (): Promise<SubjectSummary[]> => subjects.get("", () => registry.subjects()));
  server.get<{ Params: { subject: string; version: string } }>(
    "/api/schemas/:subject/versions/:version",
    ({ params }): Promise<SchemaView> => registry.schema(params.subject, parsed(numberParam, params.version)),
  );
  server.post<{ Params: { subject: string } }>(
    "/api/schemas/:subject/compatibility",
    ({ params, body }): Promise<CompatibilityView> =>
      registry.compatibility(params.subject, parsed(compatibilityBody, body).schema),
  );
}
