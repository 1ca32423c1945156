import { get, kubectl } from "../../cli/targets/kind/kubectl";
import type { Fault } from "../fault";

interface Node {
  readonly metadata: { readonly name: string };
}

/** Seconds that pods have to go; those that a budget keeps are still there afterwards. */
const TIME_TO_GO = 60;

/** Nodes that are emptied for their maintenance. */
export const NODES: readonly Fault[] = [
  {
    id: "drain",
    title: "every node drained, then back",
    goal: 180,
    async act() {
      const nodes = (await get<Node>("nodes")).map(({ metadata }) => metadata.name);
      const budgets = await get("poddisruptionbudgets");
      const options = ["--ignore-daemonsets", "--delete-emptydir-data", `--timeout=${TIME_TO_GO}s`];
      const { exitCode, stderr } = await kubectl(["drain", ...nodes, ...options], { reject: false });
      const refused = /would violate the pod's disruption budget/.test(stderr);
      // A budget (there is one with several workers) keeps all but one of its pods until the one is back, which needs a node.
      const expected = budgets.length > 0;
      await kubectl(["uncordon", ...nodes]);
      if (refused !== expected || (!refused && exitCode !== 0))
        throw new Error(
          `unexpected drain with ${budgets.length} disruption budgets: ${refused ? "refused" : "not refused"}: ${stderr}`,
        );
    },
  },
];
