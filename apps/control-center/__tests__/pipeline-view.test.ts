import { loadConfig } from "@pipeline/common";
import type { Hop, HopId } from "../src/api";
import { CONFIG_SPEC } from "../src/config";
import type { AppName } from "../src/pipeline/apps";
import { type PipelineInput, pipelineView } from "../src/pipeline/pipeline-view";
import type { Sample } from "../src/pipeline/sampler";

const config = loadConfig(CONFIG_SPEC, {
  CONTROL_CENTER_BOOTSTRAP_SERVERS: "broker:29092",
  CONTROL_CENTER_SCHEMA_REGISTRY_URL: "http://schema-registry:8081",
});

/** A sample at which `users` have passed the whole pipeline. */
function sampleAt(time: number, users: number, changed: Partial<Sample> = {}): Sample {
  return {
    time,
    written: new Map([
      ["users_created", users],
      ["users_processed", users],
    ]),
    lags: new Map([["sink", new Map([["users_processed", 0]])]]),
    stored: users,
    processingLag: 0,
    deadLetters: 2,
    producer: { ok: true, figures: { published: users, rejected: 0, slotLagBytes: 100, missing: [] } },
    stream: { ok: true, figures: { stopped: [] } },
    sink: {
      ok: true,
      figures: {
        delay: [
          { le: 0.1, count: users },
          { le: Infinity, count: users },
        ],
        missing: [],
      },
    },
    ...changed,
  };
}

function view(samples: Sample[], input: Partial<PipelineInput> = {}) {
  const shown = pipelineView({ config, samples, kafkaProblem: null, appProblems: new Map(), ...input });
  const hop = (id: HopId): Hop => shown.hops.find((candidate) => candidate.id === id)!;
  return { ...shown, hop };
}

const times = Array.from({ length: 13 }, (_, i) => 1_000_000 + i * 5_000);
const last = times.at(-1)!;

describe("pipelineView", () => {
  it("shows users flowing, their rate and their delay", () => {
    const shown = view(times.map((time, i) => sampleAt(time, i * 10)));
    expect(shown.hops.map(({ state, rate }) => ({ state, rate }))).toEqual(
      Array.from({ length: 4 }, () => ({ state: "flowing", rate: 2 })),
    );
    expect(shown.delay).toEqual({
      p50: 0.05,
      p99: expect.closeTo(0.099) as number,
      count: 120,
      windowSeconds: 300,
    });
    expect(shown.deadLetters).toBe(2);
  });

  it("is idle when nothing comes and nothing waits", () => {
    const shown = view(times.map((time) => sampleAt(time, 10)));
    expect(shown.hops.map(({ state }) => state)).toEqual(["idle", "idle", "idle", "idle"]);
    expect(shown.delay).toMatchObject({ p50: null, count: 0 });
  });

  it("finds the hop where users are held up, and since when", () => {
    const shown = view(
      times.map((time, i) =>
        sampleAt(time, i * 10, {
          stored: Math.min(i, 4) * 10,
          lags: new Map([["sink", new Map([["users_processed", Math.max(0, i - 4) * 10]])]]),
        }),
      ),
    );
    expect(shown.hop("processed")).toMatchObject({ state: "stalled", since: times[4], waiting: 80 });
    expect(shown.hop("created").state).toBe("flowing");
  });

  it("tells what an app itself says it waits for, at once", () => {
    const sink: Sample["sink"] = { ok: true, figures: { delay: null, missing: ["cassandra"] } };
    const shown = view(times.map((time, i) => sampleAt(time, i, i > 10 ? { sink } : {})));
    expect(shown.hop("processed")).toMatchObject({
      state: "stalled",
      since: times[11],
      note: "the sink waits for cassandra",
    });
  });

  it("does not take the noise of the slot for users that wait", () => {
    const shown = view(times.map((time) => sampleAt(time, 10)));
    expect(shown.hop("staged")).toMatchObject({ state: "idle", waiting: 100 });
  });

  it("finds a producer that does not go on", () => {
    const producer: Sample["producer"] = {
      ok: true,
      figures: { published: 10, rejected: 0, slotLagBytes: 64 * 1024 * 1024, missing: [] },
    };
    const shown = view(times.map((time) => sampleAt(time, 10, { producer })));
    expect(shown.hop("staged")).toMatchObject({ state: "stalled", since: times[0] });
  });

  it("keeps the last figures when Kafka is away, and says that nothing newer is known", () => {
    const away = { written: null, lags: null, stored: null, processingLag: null, deadLetters: null };
    const samples = times.map((time, i) => sampleAt(time, 10, i > 8 ? away : {}));
    const shown = view(samples, { kafkaProblem: { reason: "connection refused", since: times[9]! } });
    expect(shown.hop("created")).toMatchObject({
      state: "unknown",
      since: times[9],
      note: "connection refused",
      total: 10,
      waiting: 0,
    });
    expect(shown.deadLetters).toBe(2);
    expect(shown.rates.series[1]!.values.at(-1)).toBeNull();
  });

  it("says of a silent app what is not known because of it", () => {
    const silent = { ok: false, reason: "the sink does not answer: ECONNREFUSED" } as const;
    const appProblems = new Map<AppName, { reason: string; since: number }>([
      ["sink", { ...silent, since: last }],
    ]);
    const shown = view(
      times.map((time, i) => sampleAt(time, i, { sink: silent })),
      { appProblems },
    );
    expect(shown.hop("processed")).toMatchObject({ state: "flowing", note: silent.reason });
    expect(shown.delay.p50).toBeNull();
  });

  it("has something to show before the first sample", () => {
    expect(view([]).hops.map(({ state }) => state)).toEqual(["unknown", "unknown", "unknown", "unknown"]);
  });
});
