import { join } from "node:path";
import { RootConstruct } from "constructs";
import { stringify } from "yaml";
import { Pipeline } from "../../infra/pipeline";
import { ClusterNames, kindCluster, publishedPorts } from "../../infra/platforms/kubernetes";
import { resolveSettings } from "../../infra/settings";
import { ROOT } from "../cli/project";

export const CLUSTER = join(ROOT, "tools/kind/cluster.yaml");

/** What kind makes the cluster from where every setting has its default, for those who deploy without `make up`. */
export function defaultCluster(): string {
  const settings = resolveSettings({});
  const pipeline = new Pipeline(new RootConstruct("root"), "pipeline", { settings, imageSource: "build" });
  const names = new ClusterNames(settings.namePrefix);
  return `# Made by make readme: a node that answers on the pipeline's ports.\n${stringify(
    kindCluster(names.cluster, publishedPorts(pipeline)),
  )}`;
}
