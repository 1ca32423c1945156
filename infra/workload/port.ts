/** A TCP port that a workload listens on. */
export interface Port {
  /** What is spoken there, e.g. `http`, `cql`. Unique within the workload. */
  readonly name: string;
  /** The number inside the container and on the container network. */
  readonly number: number;
  /**
   * The number on the host's loopback address.
   * @default - not published
   */
  readonly published?: number;
}
