import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import execa from "execa";

const SOURCE = join(__dirname, "../../tools/airgap");
/** The programs of the system that the script may use; everything else it finds is a stub. */
const SYSTEM =
  "awk basename bash cat chmod cksum cp cut dirname env find grep ln mkdir mktemp mv nohup rm sed setsid sleep sort tail timeout tr uname wc";

/** What the stub of Terraform says of a version that cannot be, and of itself. */
const TERRAFORM = (answer: string, version = "1.11.4") => `
  case $1 in
  version) printf 'Terraform v${version}\\non linux_amd64\\n' ;;
  init) echo "${answer}"; exit 1 ;;
  esac`;
const REGISTRY_ANSWERS = TERRAFORM("no available releases match ... no available releases match");
const REGISTRY_SILENT = TERRAFORM("could not connect");

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
  "pull "*) echo "bookworm-slim: Pulling from library/debian" ;;
  esac`;

describe("tools/airgap/prepare", () => {
  /** Where the programs of {@link SYSTEM} are. */
  let system: readonly string[];
  let top: string;

  /** Puts an executable in the way of the script. */
  function stub(name: string, body: string): void {
    writeFileSync(join(top, "bin", name), `#!/bin/bash\n${body}\n`);
    chmodSync(join(top, "bin", name), 0o755);
  }

  function osRelease(id: string): void {
    writeFileSync(join(top, "os-release"), `ID=${id}\n`);
  }

  async function prepare(args: readonly string[] = [], env: Record<string, string> = {}) {
    const result = await execa(join(top, "tools/airgap/prepare"), args, {
      reject: false,
      all: true,
      extendEnv: false,
      env: {
        PATH: join(top, "bin"),
        HOME: top,
        STUBS: top,
        AIRGAP_OS_RELEASE: join(top, "os-release"),
        ...env,
      },
    });
    return { code: result.exitCode, output: result.all ?? "" };
  }

  /** What was asked of docker, apt-get and the like so far. */
  const calls = (): string =>
    existsSync(join(top, "calls")) ? readFileSync(join(top, "calls"), "utf8") : "";

  beforeAll(async () => {
    const { stdout } = await execa("bash", ["-c", `command -v ${SYSTEM}`]);
    system = stdout.split("\n");
  });

  beforeEach(() => {
    top = mkdtempSync(join(tmpdir(), "airgap-"));
    cpSync(SOURCE, join(top, "tools/airgap"), { recursive: true });
    mkdirSync(join(top, "bin"));
    for (const path of system) symlinkSync(path, join(top, "bin", basename(path)));
    // A machine where everything is missing: root on Debian, with a docker command and no engine.
    stub("id", "echo 0");
    stub("docker", DOCKER);
    stub("apt-get", 'echo "apt-get $*" >>"$STUBS/calls"; exit 100');
    stub("terraform", REGISTRY_ANSWERS);
    osRelease("debian");
  });

  afterEach(() => rmSync(top, { recursive: true, force: true }));

  const engineRuns = (): void => writeFileSync(join(top, "engine"), "");

  it("explains itself", async () => {
    const { code, output } = await prepare(["--help"]);
    expect(code).toBe(0);
    for (const step of ["engine", "terraform", "providers", "images"]) expect(output).toMatch(step);
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
    expect(output).toContain("DOCKER_HOST is unix:///nonexistent");
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
    ["absent", () => rmSync(join(top, "bin/terraform")), "neither Terraform nor OpenTofu is here"],
  ])("asks for Terraform where it is %s and there is no Go", async (_name, arrange, message) => {
    engineRuns();
    arrange();
    expect(await prepare()).toMatchObject({ code: 20, output: expect.stringContaining(message) as string });
  });

  it("refuses an engine that is too old", async () => {
    stub("docker", "echo 19.03.15");
    expect(await prepare()).toMatchObject({
      code: 10,
      output: expect.stringContaining("Docker Engine 19.03.15 is too old; 20.10 or later") as string,
    });
  });

  it("only looks with --check, and says what make up would do", async () => {
    stub("dockerd", "exit 1");
    expect(await prepare(["--check", "engine"])).toEqual({
      code: 0,
      output: "engine     … none answers yet; make up will start it",
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
