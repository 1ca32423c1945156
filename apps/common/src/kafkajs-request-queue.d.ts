/** The part of kafkajs' queue of requests that is changed here; see quietRequestQueues for why. */
declare module "kafkajs/src/network/requestQueue" {
  class RequestQueue {
    /** Requests not sent yet. */
    readonly pending: readonly unknown[];
    scheduleCheckPendingRequests: (this: RequestQueue) => void;
  }

  export = RequestQueue;
}
