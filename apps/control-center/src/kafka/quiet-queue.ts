import RequestQueue from "kafkajs/src/network/requestQueue";

const schedule = RequestQueue.prototype.scheduleCheckPendingRequests;

/**
 * Keeps kafkajs from using CPU for nothing: 2.2.4 looks through the waiting requests of each connection every
 * millisecond for as long as it lives, also when none waits. With a few connections that is more than all the work this
 * app does while nobody looks at it.
 */
export function quietRequestQueues(): void {
  RequestQueue.prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) schedule.call(this);
  };
}
