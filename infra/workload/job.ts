import { Construct } from "constructs";
import { Container, ContainerProps } from "./container";

/**
 * One-shot work: runs to its end during the deploy. What depends on it waits; if it fails, the deploy fails and the
 * next one runs it again. It must be idempotent: it also runs again when its definition changes, and when a volume
 * of a workload that it connects to is new.
 */
export class Job extends Container {
  readonly name: string;

  constructor(scope: Construct, id: string, props: ContainerProps) {
    super(scope, id, props);
    this.name = id;
  }
}
