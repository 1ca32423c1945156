import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import execa from "execa";
import { TARGETS } from "../../infra/platforms/common";
import { lastRelease, requireHistory } from "../../tools/upgrade/last-release";
import { lossesOf } from "../../tools/upgrade/plan";
import { scrubbed, suspectsIn, type State } from "../../tools/upgrade/scrub";
import { recordedState, recordedStates } from "../../tools/upgrade/states";

describe("what a plan loses", () => {
  const change = (type: string, actions: readonly string[], replace_paths?: readonly string[][]) => ({
    resource_changes: [{ address: `${type}.it`, type, change: { actions, replace_paths } }],
  });

  test.each([
    ["docker_volume", "labels"],
    ["docker_network", "labels"],
    ["kubernetes_namespace_v1", "metadata"],
    ["kubernetes_persistent_volume_claim_v1", "spec"],
    ["kubernetes_stateful_set_v1", "spec"],
    ["kubernetes_secret_v1", "type"],
    ["random_password", "length"],
  ])("a %s that is replaced, with what forces it", (type, attribute) => {
    const plan = change(type, ["delete", "create"], [[attribute], [attribute, "0"]]);
    expect(lossesOf(plan)).toEqual([`${type}.it is replaced (${attribute})`]);
  });

  test("a volume that is created before the one that it replaces is destroyed", () => {
    expect(lossesOf(change("docker_volume", ["create", "delete"]))).toEqual(["docker_volume.it is replaced"]);
  });

  test("a volume that no definition has any more", () => {
    expect(lossesOf(change("docker_volume", ["delete"]))).toEqual(["docker_volume.it is destroyed"]);
  });

  test.each([["create"], ["update"], ["no-op"]])("not a volume's %s", (action) => {
    expect(lossesOf(change("docker_volume", [action]))).toEqual([]);
  });

  test("not a container that is replaced, nor an empty plan", () => {
    expect(lossesOf(change("docker_container", ["delete", "create"]))).toEqual([]);
    expect(lossesOf({})).toEqual([]);
  });
});

describe("a recorded state", () => {
  const PASSWORD = "Xk3vQp9sLm2rTb7wZc5yNd8fGh4jKa6e";
  const HASH = "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";
  const resource = (type: string, name: string, attributes: Record<string, unknown>) => ({
    mode: "managed",
    type,
    name,
    provider: `provider["registry.opentofu.org/example/${type}"]`,
    instances: [{ schema_version: 1, attributes, private: "bnVsbA==", dependencies: ["a.b"] }],
  });
  const state = {
    version: 4,
    terraform_version: "1.11.4",
    serial: 7,
    lineage: "0b9e8b7c",
    outputs: { passwords: { value: { reader: PASSWORD } } },
    resources: [
      resource("random_password", "reader", { result: PASSWORD, bcrypt_hash: HASH, keepers: null }),
      resource("kubernetes_secret_v1", "app", { data: { "setup.json": `{"password":"${PASSWORD}"}` } }),
      resource("docker_container", "broker", { env: [PASSWORD] }),
    ],
  };
  const recorded = scrubbed(state);

  test("has names for passwords and their hashes, wherever they stand", () => {
    expect(JSON.stringify(recorded)).not.toMatch(PASSWORD);
    expect(recorded.resources.map(({ instances }) => instances[0]?.attributes)).toEqual([
      { result: "(reader)", bcrypt_hash: "(hash of reader)" },
      { data: { "setup.json": '{"password":"(reader)"}' } },
    ]);
  });

  test("has nothing but what the plans need: no output, no container, nothing private", () => {
    expect(recorded.resources.map(({ type }) => type)).toEqual(["random_password", "kubernetes_secret_v1"]);
    expect(Object.keys(recorded)).toEqual(["version", "terraform_version", "serial", "lineage", "resources"]);
    expect(Object.keys(recorded.resources[0]!.instances[0]!)).toEqual(["schema_version", "attributes"]);
  });

  test("calls providers as Terraform does, whichever of the two has deployed", () => {
    expect(recorded.resources[0]!.provider).toBe('provider["registry.terraform.io/example/random_password"]');
  });

  test("with a password or a hash left in it is suspected", () => {
    expect(suspectsIn(JSON.stringify(state))).toEqual(expect.arrayContaining([PASSWORD, HASH]));
    expect(suspectsIn(JSON.stringify(recorded))).toEqual([]);
  });

  test.each(TARGETS)("is there of the last release at %s", (target) => {
    expect(existsSync(recordedState(target, lastRelease().version).file)).toBe(true);
  });

  test.each(
    TARGETS.flatMap((target) => recordedStates(target).map(({ version, file }) => [target, version, file])),
  )("holds no secret and no path of a machine: %s, release %s", (_, __, file) => {
    const text = readFileSync(file, "utf8");
    expect(suspectsIn(text)).toEqual([]);
    expect(text).not.toMatch(/"\/(home|root|tmp|work)\//);
    const passwords = (JSON.parse(text) as State).resources.filter(({ type }) => type === "random_password");
    expect(passwords).not.toEqual([]);
    for (const { name, instances } of passwords)
      expect(instances.map(({ attributes }) => attributes["result"])).toEqual([`(${name})`]);
  });
});

describe("the history that the upgrade test needs", () => {
  const folder = mkdtempSync(join(tmpdir(), "history-"));
  const origin = join(folder, "origin");
  const git = (...args: readonly string[]) =>
    execa.sync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.com", ...args]).stdout;
  let release: { version: string; commit: string };
  beforeAll(() => {
    git("init", "--quiet", origin);
    for (const content of ["release", "change"]) {
      writeFileSync(join(origin, "file"), content);
      git("-C", origin, "add", "file");
      git("-C", origin, "commit", "--quiet", "--message", content);
    }
    release = { version: "0.1.0", commit: git("-C", origin, "rev-parse", "HEAD~1") };
  });

  test("is in a full clone", () => {
    const clone = join(folder, "full");
    git("clone", "--quiet", origin, clone);
    expect(() => requireHistory(clone, release)).not.toThrow();
  });

  test("is missed in a clone of depth 1, in one sentence", () => {
    const clone = join(folder, "shallow");
    git("clone", "--quiet", "--depth", "1", `file://${origin}`, clone);
    expect(() => requireHistory(clone, release)).toThrow(
      new RegExp(
        `^the upgrade test starts at release 0\\.1\\.0 \\(commit ${release.commit}\\) and needs a clone with its ` +
          "whole history; run: git fetch --unshallow$",
      ),
    );
  });

  test("is missed where the release's commit was never fetched", () => {
    const unknown = { version: "0.2.0", commit: "0123456789012345678901234567890123456789" };
    expect(() => requireHistory(origin, unknown)).toThrow(/run: git fetch origin$/);
  });
});
