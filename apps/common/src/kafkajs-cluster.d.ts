/** The part of kafkajs' own Cluster that is used here; see ClusterReader for why. */
declare module "kafkajs/src/cluster" {
  import type { KafkaMessage, Logger, RetryOptions } from "kafkajs";
  import type { Socket } from "node:net";

  interface FetchedPartition {
    partition: number;
    highWatermark: string;
    messages: (KafkaMessage & { isControlRecord: boolean })[];
  }

  interface Broker {
    fetch(request: {
      isolationLevel: number;
      maxWaitTime: number;
      minBytes: number;
      maxBytes: number;
      topics: {
        topic: string;
        partitions: { partition: number; fetchOffset: string; maxBytes: number }[];
      }[];
    }): Promise<{ responses: { topicName: string; partitions: FetchedPartition[] }[] }>;
    joinGroup(request: {
      groupId: string;
      sessionTimeout: number;
      rebalanceTimeout: number;
      protocolType: string;
      groupProtocols: { name: string; metadata: Buffer }[];
    }): Promise<{ generationId: number; memberId: string }>;
    syncGroup(request: {
      groupId: string;
      generationId: number;
      memberId: string;
      groupAssignment: { memberId: string; memberAssignment: Buffer }[];
    }): Promise<unknown>;
    leaveGroup(request: { groupId: string; memberId: string }): Promise<unknown>;
  }

  interface Metadata {
    brokers: { nodeId: number; host: string; port: number }[];
    controllerId: number;
    topicMetadata: {
      topic: string;
      isInternal: boolean;
      partitionMetadata: { partitionId: number; leader: number; replicas: number[]; isr: number[] }[];
    }[];
  }

  class Cluster {
    constructor(options: {
      logger: Logger;
      brokers: string[];
      clientId: string;
      connectionTimeout: number;
      requestTimeout: number;
      enforceRequestTimeout: boolean;
      metadataMaxAge: number;
      allowAutoTopicCreation: boolean;
      isolationLevel: number;
      retry: RetryOptions;
      socketFactory: (options: { host: string; port: number; onConnect: () => void }) => Socket;
    });
    readonly brokerPool: { readonly metadata: Metadata | null };
    connect(): Promise<void>;
    disconnect(): Promise<void>;
    /** Fetches the metadata of every topic, as long as no topic is targeted. */
    refreshMetadata(): Promise<void>;
    findBroker(options: { nodeId: string }): Promise<Broker>;
    findGroupCoordinator(options: { groupId: string }): Promise<Broker>;
    fetchTopicsOffset(
      topics: {
        topic: string;
        partitions: { partition: number }[];
        fromBeginning?: boolean;
        fromTimestamp?: number;
      }[],
    ): Promise<{ topic: string; partitions: { partition: number; offset: string }[] }[]>;
  }

  export = Cluster;
}
