import { IConstruct } from "constructs";
import { Container, Volume } from "../../../workload";
import { PROJECT } from "../../common";
import { ObjectsContext } from "./context";

/** Labels by their names. */
export type Labels = Readonly<Record<string, string>>;

/** What everything of the pipeline is labelled with. */
export function commonLabels({ managedBy }: ObjectsContext): Labels {
  return { "app.kubernetes.io/part-of": PROJECT, "app.kubernetes.io/managed-by": managedBy };
}

/** The labels that find a container's pods, and no others in the namespace. They never change. */
export function selector(container: IConstruct): Labels {
  return { "app.kubernetes.io/name": container.node.id };
}

/** The labels of an object that belongs to a container. */
export function labels(context: ObjectsContext, container: Container): Labels {
  return { ...selector(container), ...commonLabels(context) };
}

/** Marks the pods that mount a volume which others mount too. */
export function volumeLabel(volume: Volume): Labels {
  return { [`${PROJECT}/volume-${volume.node.id}`]: "mounted" };
}
