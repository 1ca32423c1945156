import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import execa from "execa";

const ROOT = resolve(__dirname, "../../..");
const SCRIPT = `
  const { stageContext } = require("./infra/images/context");
  console.log(stageContext("stream", ["stream", "schemas"]));
`;

test("several processes put a context together at once: it is one, complete, and nothing else is left", async () => {
  const stage = () => execa("node", ["--import", "tsx", "--eval", SCRIPT], { cwd: ROOT });
  const contexts = (await Promise.all([stage(), stage(), stage()])).map(({ stdout }) => stdout);
  expect(new Set(contexts).size).toBe(1);
  const [context = ""] = contexts;
  expect(context).toMatch(/stream-[0-9a-f]{12}$/);
  expect(
    ["Dockerfile", "stream/main.py", "schemas"].filter((file) => !existsSync(join(context, file))),
  ).toEqual([]);
  expect(readdirSync(dirname(context)).filter((name) => name.startsWith("draft-stream-"))).toEqual([]);
});
