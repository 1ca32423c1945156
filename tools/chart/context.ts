import { ObjectsContext } from "../../infra/platforms/kubernetes/objects";
import { Secret } from "../../infra/workload";
import { optional, text } from "./expressions";

/** What objects learn from the release and its values. */
export const CHART: ObjectsContext = {
  namespace: text(".Release.Namespace"),
  managedBy: text(".Release.Service"),
  image: ({ node }) => text(`include \`pipeline.image\` (list . \`${node.id}\`)`),
  fillIn: ({ parts }) => parts.map((part) => (part instanceof Secret ? text(password(part)) : part)).join(""),
  hash: (secrets) =>
    text(`list ${secrets.map((each) => `(${password(each)})`).join(" ")} | join \`,\` | sha256sum`),
  storageClass: optional(".Values.storageClass"),
};

/** The expression of a password. */
export function password({ node, length }: Secret): string {
  return `include \`pipeline.password\` (list . \`${node.id}\` ${length})`;
}
