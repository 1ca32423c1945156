import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import execa from "execa";

const TOOLS = join(__dirname, "../../tools");
/** The programs of the system that the scripts may use; everything else they find is a stub. */
const SYSTEM =
  "awk basename bash cat chmod cksum cp cut dirname env find grep ln mkdir mktemp mv nohup rm sed setsid sleep sort tail tar timeout tr uname wc xargs";

/** What the stub of Terraform says of a version that cannot be, and of itself. */
const TERRAFORM = (answer: string, version = "1.11.4") => `
  case $1 in
  version) printf 'Terraform v${version}\\non linux_amd64\\n' ;;
  init) echo "${answer}"; exit 1 ;;
  esac`;
const REGISTRY_ANSWERS = TERRAFORM("no available releases match ... no available releases match");
const REGISTRY_SILENT = TERRAFORM("could not connect");
/** Where no registry answers, and providers are found once they are built. */
const MIRROR_ONLY = `${TERRAFORM("could not connect")}`.replace(
  "init) ",
  "init) grep -q none main.tf || exit 0; ",
);

/** A docker command whose engine answers once the file `engine` exists, and whose registry has Debian. */
const DOCKER = `
  echo "docker $*" >>"$STUBS/calls"
  case "$1 $2" in
  "context show") echo default ;;
  "version --format")
    [ -e "$STUBS/engine" ] || { echo "Cannot connect to the Docker daemon" >&2; exit 1; }
    echo 28.0.0 ;;
  "image inspect") for name; do :; done; cat "$STUBS/\${name#*:}" ;;
  "build --pull")
    for word; do case $word in realtime-data-pipeline.recipe=*) recipe=\${word#*=} ;; SUITE=*) suite=\${word#*=} ;; esac; done
    echo "$recipe" >"$STUBS/$suite" ;;
  "build --force-rm")
    tar -t >"$STUBS/context"
    for word; do case $word in realtime-data-pipeline.recipe=*) recipe=\${word#*=} ;; *kind-node:*) tag=\${word#*:} ;; esac; done
    [ -z "\${tag:-}" ] || echo "$recipe" >"$STUBS/$tag" ;;
  "build --label") recipe=\${3#*=}; echo "$recipe" >"$STUBS/\${5#*:}" ;;
  "pull "*) echo "bookworm-slim: Pulling from library/debian" ;;
  esac`;

/** A Go that builds everything but the package that the file `unbuildable` names, from modules below `module`. */
const GO = `
  echo "go $*" >>"$STUBS/calls"
  case $1 in
  env) echo go1.26.0 ;;
  list) echo "$STUBS/module" ;;
  build)
    if [ "\${!#}" = "$(cat "$STUBS/unbuildable" 2>/dev/null)" ]; then echo "no space left"; exit 1; fi
    while [ "$1" != -o ]; do shift; done
    echo program >"$2"
    chmod +x "$2" ;;
  esac`;

const KIND = (version: string) => `echo "kind v${version} go1.25.1 linux/amd64"`;

/** Where the programs of {@link SYSTEM} are. */
let system: readonly string[];
let top: string;

/** Puts an executable in the way of the scripts. */
function stub(name: string, body: string): void {
  const file = join(top, "bin", name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/bash\n${body}\n`);
  chmodSync(file, 0o755);
}

function osRelease(id: string): void {
  writeFileSync(join(top, "os-release"), `ID=${id}\n`);
}

const engineRuns = (): void => writeFileSync(join(top, "engine"), "");

/** What /proc says of an engine that may do everything, or everything but CAP_SYS_RESOURCE. */
function engineMay(what: "everything" | "less"): void {
  const mask = what === "everything" ? "000001ffffffffff" : "000001fffeffffff";
  writeFileSync(join(top, "engine-status"), `Name:\tdockerd\nCapBnd:\t${mask}\n`);
}

async function run(command: string, args: readonly string[], env: Record<string, string> = {}) {
  const result = await execa(join(top, "tools", command), args, {
    reject: false,
    all: true,
    extendEnv: false,
    env: {
      PATH: join(top, "bin"),
      HOME: top,
      STUBS: top,
      AIRGAP_OS_RELEASE: join(top, "os-release"),
      AIRGAP_ENGINE_STATUS: join(top, "engine-status"),
      ...env,
    },
  });
  return { code: result.exitCode, output: result.all ?? "" };
}

const prepare = (args: readonly string[] = [], env?: Record<string, string>) =>
  run("airgap/prepare", args, env);

/** What was asked of docker, apt-get and the like so far. */
const calls = (): string => (existsSync(join(top, "calls")) ? readFileSync(join(top, "calls"), "utf8") : "");

/** The last words of what Go has built so far: packages. */
const built = (): string[] => [...calls().matchAll(/^go build .* (\S+)$/gm)].map((match) => match[1] ?? "");

beforeAll(async () => {
  const { stdout } = await execa("bash", ["-c", `command -v ${SYSTEM}`]);
  system = stdout.split("\n");
});

beforeEach(() => {
  // A path with a space, as some home folders have.
  top = mkdtempSync(join(tmpdir(), "air gap-"));
  for (const folder of ["airgap", "kind"])
    cpSync(join(TOOLS, folder), join(top, "tools", folder), { recursive: true });
  mkdirSync(join(top, "bin"));
  for (const path of system) symlinkSync(path, join(top, "bin", basename(path)));
  // A machine where everything is missing: root on Debian, with a docker command and no engine.
  stub("id", "echo 0");
  stub("docker", DOCKER);
  stub("apt-get", 'echo "apt-get $*" >>"$STUBS/calls"; exit 100');
  stub("terraform", REGISTRY_ANSWERS);
  stub("helm", "exit 0");
  osRelease("debian");
  engineMay("everything");
});

afterEach(() => rmSync(top, { recursive: true, force: true }));

describe("tools/airgap/prepare", () => {
  it("explains itself", async () => {
    const { code, output } = await prepare(["--help"]);
    expect(code).toBe(0);
    for (const step of ["engine", "terraform", "providers", "images", "kind", "helm"])
      expect(output).toMatch(step);
  });

  it("refuses arguments it does not know", async () => {
    expect(await prepare(["--fast"])).toMatchObject({
      code: 2,
      output: expect.stringContaining("--fast") as string,
    });
  });

  it("leaves an engine alone that the user chose, and installs no other one", async () => {
    const { code, output } = await prepare([], { DOCKER_HOST: "unix:///nonexistent" });
    expect(code).toBe(10);
    expect(output).toContain("no Docker Engine answers at DOCKER_HOST: got unix:///nonexistent");
    expect(calls()).not.toContain("apt-get");
  });

  it.each([
    ["not root", () => stub("id", "echo 1000")],
    ["another system", () => osRelease("fedora")],
  ])("says what to install: %s", async (_name, arrange) => {
    arrange();
    const { code, output } = await prepare();
    expect(code).toBe(10);
    expect(output).toContain("apt-get install docker.io");
    expect(calls()).not.toContain("apt-get");
  });

  it("tells a missing permission from a missing engine", async () => {
    stub("docker", "echo 'permission denied while trying to connect to the docker API' >&2; exit 1");
    const { code, output } = await prepare();
    expect(code).toBe(11);
    expect(output).toContain("usermod -aG docker");
  });

  it("shows why an engine does not start", async () => {
    // Whichever way this machine starts services.
    for (const name of ["dockerd", "systemctl", "service"]) stub(name, "echo 'no space left'; exit 1");
    const { code, output } = await prepare();
    expect(code).toBe(12);
    expect(output).toContain("no space left");
  });

  it("shows what apt-get said when the engine cannot be installed", async () => {
    stub("apt-get", "echo 'no such package'; exit 100");
    stub("dpkg", "exit 0");
    const { code, output } = await prepare();
    expect(code).toBe(10);
    expect(output).toContain("no such package");
  });

  it.each([
    ["too old", () => stub("terraform", TERRAFORM("", "1.4.7")), "terraform is older than 1.5"],
    ["absent", () => rmSync(join(top, "bin/terraform")), "Terraform and OpenTofu not found"],
  ])("asks for Terraform where it is %s and there is no Go", async (_name, arrange, message) => {
    engineRuns();
    arrange();
    expect(await prepare()).toMatchObject({ code: 20, output: expect.stringContaining(message) as string });
  });

  it("refuses an engine that is too old", async () => {
    stub("docker", "echo 19.03.15");
    expect(await prepare()).toMatchObject({
      code: 10,
      output: expect.stringContaining(
        "unsupported Docker Engine: got 19.03.15; expected 20.10 or later",
      ) as string,
    });
  });

  it("only looks with --check, and says what make up would do", async () => {
    stub("dockerd", "exit 1");
    expect(await prepare(["--check", "engine"])).toEqual({
      code: 0,
      output: "engine     … no engine answers yet; make up will start it",
    });
    expect((await prepare(["--check", "terraform"])).output).toContain("Terraform 1.11.4");
    expect((await prepare(["--check", "weather"])).code).toBe(2);
    expect(calls()).not.toMatch(/apt-get|pull|build/);
  });

  it("asks for Go where no Terraform registry answers, and keeps what else it has done", async () => {
    engineRuns();
    stub("terraform", REGISTRY_SILENT);
    const { code, output } = await prepare();
    expect(code).toBe(30);
    expect(output).toContain("Install Go 1.21 or later");
    expect(existsSync(join(top, "bookworm"))).toBe(true);
  });

  it("forgets lock files that are older than a provider, which another checkout may have built", async () => {
    engineRuns();
    stub("terraform", MIRROR_ONLY);
    stub("go", GO);
    const locks = ["cdktf.out/stacks/docker", ".build/test-services"].map((folder) =>
      join(top, folder, ".terraform.lock.hcl"),
    );
    for (const lock of locks) {
      mkdirSync(dirname(lock), { recursive: true });
      writeFileSync(lock, "checksum of another program\n");
      utimesSync(lock, new Date(0), new Date(0));
    }

    expect((await prepare()).code).toBe(0);
    for (const lock of locks) {
      const content = existsSync(lock) ? readFileSync(lock, "utf8") : "";
      expect(content).not.toContain("checksum of another program");
      writeFileSync(lock, "completed since\n");
    }

    expect((await prepare()).code).toBe(0);
    for (const lock of locks) expect(readFileSync(lock, "utf8")).toBe("completed since\n");
  });

  it("installs and starts an engine, takes the rest from registries that answer, and then has nothing to do", async () => {
    stub("apt-get", 'echo "apt-get $*" >>"$STUBS/calls"; : >"$STUBS/engine"');
    stub("dpkg", "exit 0");
    const first = await prepare();
    expect(first.code).toBe(0);
    expect(calls()).toContain("install -y --no-install-recommends docker.io");
    expect(calls().match(/docker build/g)).toHaveLength(2);
    expect(readFileSync(join(top, ".cache/terraform.env"), "utf8")).toContain(
      "TERRAFORM_BINARY_NAME=terraform\n",
    );

    rmSync(join(top, "calls"));
    expect((await prepare()).code).toBe(0);
    expect(calls()).not.toMatch(/apt-get|docker (pull|build)/);
  });

  it("remakes the images when the certificates that they are to trust change", async () => {
    engineRuns();
    await prepare();
    rmSync(join(top, "calls"));
    const certificates = join(top, "company.pem");
    writeFileSync(certificates, "-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n");
    expect((await prepare([], { EXTRA_CA_CERTS: certificates })).code).toBe(0);
    expect(calls().match(/docker build/g)).toHaveLength(2);
  });

  it("refuses a certificate file without certificates", async () => {
    engineRuns();
    const { code, output } = await prepare([], { EXTRA_CA_CERTS: join(top, "missing.pem") });
    expect(code).toBe(40);
    expect(output).toContain("missing.pem");
  });
});

describe("tools/airgap/prepare --target kind", () => {
  const kubernetes = "github.com/hashicorp/terraform-provider-kubernetes";
  const answers = (registry: "yes" | "no"): void => {
    mkdirSync(join(top, ".cache/realtime-data-pipeline"), { recursive: true });
    writeFileSync(join(top, ".cache/realtime-data-pipeline/container-registry"), `${registry}\n`);
  };

  /** A machine that is ready for the target docker, with Go, and a container registry that has gone since. */
  async function withoutRegistry(): Promise<void> {
    engineRuns();
    expect((await prepare()).code).toBe(0);
    answers("no");
    stub("go", GO);
    for (const folder of ["images/base/files", "pkg/build/nodeimage"]) {
      mkdirSync(join(top, "module", folder), { recursive: true });
      writeFileSync(join(top, "module", folder, "content"), "");
    }
    rmSync(join(top, "calls"));
  }

  it.each([[["--target"]], [["--target", "swarm"]]])("refuses %j", async (args) => {
    expect(await prepare(args)).toEqual({
      code: 2,
      output: `prepare: invalid --target: got "${args[1] ?? ""}"; expected one of docker kind`,
    });
  });

  it("takes everything from registries that answer", async () => {
    engineRuns();
    stub("terraform", TERRAFORM("no available releases match ".repeat(3)));
    stub("kind", KIND("0.27.0"));
    stub("kubectl", "exit 0");
    expect(await prepare(["--target", "kind"])).toMatchObject({
      code: 0,
      output: expect.stringContaining("kind pulls its node image") as string,
    });
  });

  it("builds the provider of Kubernetes for kind only, and lays out a lock file for each target", async () => {
    await withoutRegistry();
    stub("terraform", MIRROR_ONLY);
    rmSync(join(top, ".cache/realtime-data-pipeline/terraform-registry"));
    const lock = (stack: string) => join(top, "cdktf.out/stacks", stack, ".terraform.lock.hcl");

    expect((await prepare(["--target", "docker"])).code).toBe(0);
    expect(built()).toHaveLength(2);
    expect(built()).not.toContain(kubernetes);
    expect(existsSync(lock("kind"))).toBe(false);

    expect((await prepare(["--target", "kind"])).code).toBe(0);
    expect(built()).toContain(kubernetes);
    expect(readFileSync(lock("docker"), "utf8")).not.toContain("hashicorp/kubernetes");
    expect(readFileSync(lock("kind"), "utf8").match(/^provider .*$/gm)).toEqual(
      ["kreuzwerker/docker", "hashicorp/random", "hashicorp/kubernetes"].map(
        (source) => `provider "registry.terraform.io/${source}" {`,
      ),
    );
  });

  it("makes the node image where no registry answers, and then has nothing to do", async () => {
    await withoutRegistry();
    const { code, output } = await prepare(["--target", "kind"]);
    expect(output).toContain("kind-node:v1.34.4 built");
    expect(code).toBe(0);
    expect(built()).toContain("k8s.io/kubernetes/cmd/kubelet");
    expect(calls()).toMatch(/gitVersion=v1\.34\.4 .*gitMinor=34/);
    expect(readFileSync(join(top, "context"), "utf8")).toMatch(
      /node\/Dockerfile[^]*images\/base[^]*programs\/etcd\n/,
    );
    for (const program of ["kind", "kubectl"])
      expect(existsSync(join(top, ".cache/realtime-data-pipeline/bin", program))).toBe(true);

    rmSync(join(top, "calls"));
    expect((await prepare(["--target", "kind"])).output).toContain(
      "kind, kubectl and the node image are present",
    );
    expect(calls()).not.toMatch(/go build|docker (pull|build)/);
  });

  it("puts the node image together again when its recipe changes or it is gone, from programs that it keeps", async () => {
    await withoutRegistry();
    await prepare(["--target", "kind"]);
    for (const change of [
      () => writeFileSync(join(top, "tools/airgap/kind/node/Dockerfile"), "FROM scratch\n"),
      () => rmSync(join(top, "v1.34.4")),
    ]) {
      change();
      rmSync(join(top, "calls"));
      expect((await prepare(["--target", "kind"])).code).toBe(0);
      expect(built()).toEqual([]);
      expect(calls()).toMatch(/docker build .*--tag realtime-data-pipeline\/kind-node:v1\.34\.4/);
    }
  });

  it("resumes where a build failed", async () => {
    await withoutRegistry();
    writeFileSync(join(top, "unbuildable"), "k8s.io/kubernetes/cmd/kubelet");
    const failed = await prepare(["--target", "kind"]);
    expect(failed).toMatchObject({ code: 1, output: expect.stringContaining("no space left") as string });

    rmSync(join(top, "unbuildable"));
    rmSync(join(top, "calls"));
    expect((await prepare(["--target", "kind"])).code).toBe(0);
    expect(built()).toContain("k8s.io/kubernetes/cmd/kubelet");
    expect(built()).not.toContain("sigs.k8s.io/kind");
  });

  it("builds only what is missing where a registry answers: no kubectl in PATH", async () => {
    await withoutRegistry();
    answers("yes");
    stub("kind", KIND("0.30.0"));
    expect((await prepare(["--target", "kind"])).code).toBe(0);
    expect(built()).toEqual(["k8s.io/kubernetes/cmd/kubectl"]);
  });

  it("builds Helm where none is here, and then has nothing to do", async () => {
    await withoutRegistry();
    rmSync(join(top, "bin/helm"));
    expect((await prepare(["--target", "kind"])).code).toBe(0);
    expect(built().at(-1)).toBe("helm.sh/helm/v3/cmd/helm");
    expect(calls()).toMatch(/internal\/version\.version=v3\.\d+\.\d+ .*k8sVersionMinor=\d+/);

    rmSync(join(top, "calls"));
    expect((await prepare(["--target", "kind"])).output).toContain("Helm is present");
    expect(built()).toEqual([]);
  });

  it("is ready without Helm where nothing can build it: only the chart needs it", async () => {
    engineRuns();
    stub("terraform", TERRAFORM("no available releases match ".repeat(3)));
    stub("kind", KIND("0.27.0"));
    stub("kubectl", "exit 0");
    rmSync(join(top, "bin/helm"));
    expect(await prepare(["--target", "kind"])).toMatchObject({
      code: 0,
      output: expect.stringContaining("only the chart needs Helm") as string,
    });
  });

  it("builds a container registry where one is wanted, and then has nothing to do", async () => {
    await withoutRegistry();
    expect((await prepare(["--target", "kind", "--registry"])).code).toBe(0);
    expect(calls()).toMatch(/go build .* \.\ndocker build .* --tag realtime-data-pipeline\/registry:latest/);

    rmSync(join(top, "calls"));
    const again = await prepare(["--target", "kind", "--registry"]);
    expect(again.output).toContain("realtime-data-pipeline/registry:latest is present");
    expect(built()).toEqual([]);
  });

  it("refuses a kind that is too old", async () => {
    engineRuns();
    stub("kind", KIND("0.26.0"));
    expect(await prepare(["--check", "kind"])).toMatchObject({
      code: 50,
      output: expect.stringContaining(
        "unsupported kind in PATH: got 0.26.0; expected 0.27 or later",
      ) as string,
    });
  });

  it("asks for Go where something has to be built", async () => {
    await withoutRegistry();
    rmSync(join(top, "bin/go"));
    for (const args of [
      ["--target", "kind"],
      ["--check", "kind"],
    ])
      expect(await prepare(args)).toMatchObject({
        code: 50,
        output: expect.stringContaining("cannot build Kubernetes' programs: Go not found") as string,
      });
  });

  it("reports with --check what is present and what make up would build", async () => {
    await withoutRegistry();
    const check = async () => prepare(["--check", "kind"]);
    expect(await check()).toEqual({
      code: 0,
      output: "kind       … kind is missing; make up TARGET=kind will build it",
    });
    stub("kind", KIND("0.30.0"));
    expect((await check()).output).toContain(
      "kind's node image is missing; make up TARGET=kind will build it",
    );
    answers("yes");
    expect((await check()).output).toContain("a container registry answers");
    writeFileSync(join(top, "v1.34.4"), "recipe\n");
    expect((await check()).output).toContain("kind and realtime-data-pipeline/kind-node:v1.34.4 are present");
    rmSync(join(top, "engine"));
    rmSync(join(top, "v1.34.4"));
    expect((await check()).output).toContain("checked once an engine answers");
    expect(built()).toEqual([]);
  });
});

describe("tools/airgap/kind/privileges/docker", () => {
  const wrapper = async (...args: string[]): Promise<string[]> =>
    (await run("airgap/kind/privileges/docker", args)).output.split("\n");

  beforeEach(() => {
    stub("docker", `printf '%s\\n' "$@"`);
    engineMay("less");
  });

  it("gives a container everything but what the engine itself has not", async () => {
    const words = await wrapper("run", "--name", "node", "--privileged", "--net", "kind", "image");
    expect(words.slice(0, 3)).toEqual(["run", "--name", "node"]);
    expect(words.join(" ")).toContain(
      "--cap-add ALL --cap-drop SYS_RESOURCE --security-opt seccomp=unconfined",
    );
    expect(words).toContain("a *:* rwm");
    expect(words.slice(-3)).toEqual(["--net", "kind", "image"]);
    expect(words).not.toContain("--privileged");
  });

  it("starts processes with what the container has, and leaves the words of their commands alone", async () => {
    expect(await wrapper("exec", "--privileged", "-i", "node", "cat")).toEqual(["exec", "-i", "node", "cat"]);
    expect(await wrapper("exec", "node", "sh", "--privileged")).toEqual([
      "exec",
      "node",
      "sh",
      "--privileged",
    ]);
  });

  it("passes everything else through, and all of it where nothing is missing", async () => {
    expect(await wrapper("ps", "--filter", "name=a b")).toEqual(["ps", "--filter", "name=a b"]);
    engineMay("everything");
    expect(await wrapper("run", "--privileged", "image")).toEqual(["run", "--privileged", "image"]);
    // An engine on another machine.
    rmSync(join(top, "engine-status"));
    expect(await wrapper("run", "--privileged", "image")).toEqual(["run", "--privileged", "image"]);
  });

  it("does not find itself", async () => {
    const PATH = `${join(top, "tools/airgap/kind/privileges")}:${join(top, "bin")}`;
    expect((await run("airgap/kind/privileges/docker", ["ps"], { PATH })).output).toBe("ps");
    rmSync(join(top, "bin/docker"));
    expect((await run("airgap/kind/privileges/docker", ["ps"], { PATH })).code).toBe(127);
  });
});

describe("tools/kind", () => {
  const image = "realtime-data-pipeline/kind-node:v1.34.4";
  const kind = async (...args: string[]) => run("kind/kind", args);
  /** What a stub of kind says: which one it is, its arguments, and which docker command it sees. */
  const says = (name: string) => `echo "${name}: $*"; command -v docker`;
  const prepared = (name: string): void =>
    stub(`../.cache/realtime-data-pipeline/bin/${name}`, says("prepared"));
  const docker = (): string => join(top, "bin/docker");

  it.each([
    ["kind", 21],
    ["kubectl", 22],
    ["helm", 23],
  ])("says in one sentence what to do without %s", async (name, code) => {
    rmSync(join(top, "bin/helm"));
    const result = await run(`kind/${name}`, ["version"]);
    expect(result.code).toBe(code);
    expect(result.output).toMatch(
      new RegExp(`^${name} not found; install .* or later, or run: make up TARGET=kind$`),
    );
  });

  it.each(["kind", "kubectl", "helm"])(
    "runs the %s in PATH, or else the prepared one, and never itself",
    async (name) => {
      const PATH = `${join(top, "tools/kind")}:${join(top, "bin")}`;
      rmSync(join(top, "bin", name), { force: true });
      prepared(name);
      expect((await run(`kind/${name}`, ["version"], { PATH })).output).toContain("prepared: version");
      stub(name, says("in PATH"));
      expect((await run(`kind/${name}`, ["version"], { PATH })).output).toContain("in PATH: version");
    },
  );

  it("creates clusters from the node image that was made here, unless another one is named", async () => {
    stub("kind", says("kind"));
    expect((await kind("create", "cluster", "--name", "a")).output).toBe(
      `kind: create cluster --name a\n${docker()}`,
    );
    writeFileSync(join(top, "v1.34.4"), "recipe\n");
    expect((await kind("create", "cluster", "--name", "a")).output).toContain(
      `cluster --name a --image ${image}\n`,
    );
    expect((await kind("create", "cluster", "--image", "mine")).output).toContain(
      "kind: create cluster --image mine\n",
    );
    expect((await kind("create", "cluster", "--image=mine")).output).toContain(
      "kind: create cluster --image=mine\n",
    );
    expect((await kind("delete", "cluster")).output).toContain("kind: delete cluster\n");
  });

  it("has kind use the docker command for engines that lack a capability only where one is missing", async () => {
    stub("kind", says("kind"));
    expect((await kind("get", "nodes")).output).toContain(`\n${docker()}`);
    engineMay("less");
    expect((await kind("get", "nodes")).output).toMatch(/airgap\/kind\/privileges\/docker$/);
  });

  it("passes on the exit code", async () => {
    stub("kind", "exit 7");
    expect((await kind("version")).code).toBe(7);
  });

  it("names the version that is built", () => {
    const version = image.split(":")[1] ?? "";
    expect(readFileSync(join(TOOLS, "airgap/kind/go.mod"), "utf8")).toContain(
      `require k8s.io/kubernetes ${version}\n`,
    );
    expect(readFileSync(join(TOOLS, "kind/kind"), "utf8")).toContain(`NODE_IMAGE=${image} `);
  });
});
