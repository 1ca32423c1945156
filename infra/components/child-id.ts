import { IConstruct } from "constructs";

/**
 * The id of a child that has a name of its own, such as the broker of a Kafka.
 * @param usualId the component's id for which the child's id is the bare name, as deployed pipelines have it
 * @returns the name, or COMPONENT-NAME for a component with another id
 */
export function childId({ node: { id } }: IConstruct, usualId: string, name: string): string {
  return id === usualId ? name : `${id}-${name}`;
}
