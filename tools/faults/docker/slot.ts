import type { DockerFault } from "./scene";

const USERS = 1000;
/** Files of write-ahead log, 16 MB each: more than the slot may hold back (max_slot_wal_keep_size, 4 GB). */
const LOG_FILES = 280;

/** The replication slot, which is the one record of what was published. */
export const SLOT: readonly DockerFault[] = [
  {
    id: "slot-lost",
    title: "replication slot lost: more log written than it may hold back",
    // The producer republishes the whole table: some tens of thousands of users here.
    goal: 120,
    async act({ containers, deployment, load }) {
      await containers.stop("producer");
      await load.burst(USERS);
      const oneFile = "pg_logical_emit_message(false, 'faults', 'more'), pg_switch_wal()";
      await deployment.sql(
        "pipeline",
        `SELECT count(*) FROM (SELECT ${oneFile} FROM generate_series(1, ${LOG_FILES})) AS files`,
      );
      // The server lets go of slots when it clears its log away.
      await deployment.sql("pipeline", "CHECKPOINT");
      const states = await deployment.sql("pipeline", "SELECT wal_status FROM pg_replication_slots");
      if (!states.includes("lost"))
        throw new Error(`cannot lose the slot: got wal_status ${states.join(", ")}; expected lost`);
      await containers.start("producer");
    },
  },
];
