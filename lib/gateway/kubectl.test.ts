import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { type SandboxCluster, startSandboxCluster } from "kubewitness-sandbox/kubernetes";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { kubectlBinaries } from "../../scripts/kubectl-binaries.ts";
import type { Upstream } from "../clusters/upstream.ts";
import { testCertificates } from "./testing/certificates.ts";
import { kubeconfig } from "./testing/kubectl.ts";
import { until } from "./testing/memory-recorder.ts";
import { decideAs } from "./testing/real-decisions.ts";
import { ALICE, allow, deny, startTestGateway, type TestGateway } from "./testing/test-gateway.ts";
import { testUpstream } from "./testing/test-upstream.ts";

const CREDENTIAL = "sandbox-credential";
const binaries = await kubectlBinaries();

let sandbox: SandboxCluster;
let gateway: TestGateway;
let upstream: Upstream;
let folder: string;

beforeAll(async () => {
  const { certificate, key, ca } = await testCertificates();
  folder = await mkdtemp(path.join(tmpdir(), "kubewitness-gateway-"));
  sandbox = await startSandboxCluster({
    tls: { cert: certificate, key },
    tokens: { [CREDENTIAL]: { user: "gateway", groups: ["system:masters"] } },
  });
  gateway = await startTestGateway();
  upstream = testUpstream({ url: sandbox.url, ca, token: CREDENTIAL });
  gateway.addCluster("prod", upstream);
  await writeFile(path.join(folder, "ca.crt"), ca);
  await writeFile(path.join(folder, "kubeconfig"), kubeconfig(gateway.port));
});
afterEach(async () => {
  for (const child of children) {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
  children.clear();
});
beforeEach(() => {
  gateway.recorder.clear();
  gateway.decide = (input) => {
    const decision = allow(input);
    return decision.allowed && input.impersonation === null
      ? { ...decision, impersonate: { user: ALICE.email, groups: ["system:masters"], extra: {} } }
      : decision;
  };
});
afterAll(async () => {
  await gateway.close();
  await upstream.calls.destroy();
  await sandbox.close();
  await rm(folder, { recursive: true });
});

interface Run {
  code: number;
  out: string;
  err: string;
}

function environment(): NodeJS.ProcessEnv {
  return {
    NODE_ENV: "test",
    PATH: process.env.PATH,
    HOME: folder,
    KUBECONFIG: path.join(folder, "kubeconfig"),
  };
}

function run(binary: string, args: string[], input?: string): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(
      binary,
      args,
      { env: environment(), timeout: 25_000, encoding: "latin1", maxBuffer: 2 ** 28 },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err }),
    );
    child.stdin?.end(input ?? "");
  });
}

const children = new Set<ChildProcess>();

/** A kubectl that goes on; it ends with its test. */
function launch(binary: string, args: string[]): { child: ChildProcess; output(): string } {
  const child = spawn(binary, args, { env: environment(), stdio: ["ignore", "pipe", "pipe"] });
  children.add(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  return { child, output: () => text };
}

const rows = () =>
  gateway.recorder.entries.map(({ verb, resource, stage }) => `${verb} ${resource} ${stage}`);

/** Rows of a resource, once there are so many: a kubectl is gone when it has heard how its session ended, which may be before the row of that. */
async function rowsOf(wanted: string, count: number) {
  const found = () => gateway.recorder.entries.filter(({ resource }) => resource === wanted);
  await until(() => found().length >= count, `${count} rows of ${wanted}`);
  return found();
}

async function aPod(binary: string): Promise<string> {
  const { out } = await run(binary, [
    "get",
    "pods",
    "-o",
    "jsonpath={.items[?(@.status.phase=='Running')].metadata.name}",
  ]);
  gateway.recorder.clear();
  return out.split(" ")[0]!;
}

describe.each(binaries)("kubectl $version", ({ path: kubectl, version }) => {
  test("gets, with the client's name in the record", async () => {
    const { code, out, err } = await run(kubectl, ["get", "pods"]);
    expect(err).toBe("");
    expect(code).toBe(0);
    expect(out).toMatch(/^NAME +READY +STATUS/);
    const entry = gateway.recorder.entries.find(({ resource }) => resource === "pods");
    expect(entry).toMatchObject({ verb: "list", namespace: "checkout", httpStatus: 200 });
    expect(entry?.clientName).toMatch(new RegExp(`^kubectl[^/]*/v${version.replace(".", "\\.")}`));
    if (version !== "1.20") expect(entry?.command).toBe("kubectl get");
  });

  test("asks whether it may: no where no role allows it, else what the cluster says", async () => {
    const asMaster =
      (decide: typeof gateway.decide): typeof gateway.decide =>
      (input) => {
        const decision = decide(input);
        return decision.allowed
          ? { ...decision, impersonate: { user: ALICE.email, groups: ["system:masters"], extra: {} } }
          : decision;
      };
    gateway.decide = asMaster(decideAs("read-only"));
    const no = await run(kubectl, ["auth", "can-i", "delete", "pods", "-n", "checkout"]);
    expect(no).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^no - User .* role read-only does not/),
    });
    const yes = await run(kubectl, ["auth", "can-i", "list", "pods", "-n", "checkout"]);
    expect(yes).toMatchObject({ code: 0, out: "yes\n" });
    gateway.decide = asMaster(decideAs("cluster-admin"));
    const console = ["virtualmachineinstances.subresources.kubevirt.io", "--subresource=console"];
    const unwatched = await run(kubectl, ["auth", "can-i", "create", ...console]);
    expect(unwatched).toMatchObject({ code: 1, out: expect.stringMatching(/^no - User .* is not watched/) });
  });

  test("execs: output, input, exit code", async () => {
    const pod = await aPod(kubectl);
    const plain = await run(kubectl, ["exec", pod, "--", "sh", "-c", "echo out; echo err >&2; exit 3"]);
    expect(plain).toMatchObject({ code: 3, out: "out\n", err: expect.stringContaining("err\n") });
    expect(plain.err).toContain("err\n");
    const piped = await run(kubectl, ["exec", "-i", pod, "--", "cat"], "through\n");
    expect(piped).toMatchObject({ code: 0, out: "through\n" });
    const sessions = await rowsOf("pods/exec", 4);
    expect(sessions.map(({ stage, exitCode, verb }) => [stage, exitCode, verb])).toEqual([
      ...[
        ["start", null, "create"],
        ["end", 3, "create"],
      ],
      ...[
        ["start", null, "create"],
        ["end", 0, "create"],
      ],
    ]);
    expect(sessions[0]?.message).toBe("Session started: sh -c 'echo out; echo err >&2; exit 3'");
    expect(sessions[1]?.message).toBe("Session ended, exit code 3");
    expect(sessions[1]?.bytesOut).toBeGreaterThan(0);
  });

  test("forwards a port", async () => {
    const pod = await aPod(kubectl);
    const { child, output } = launch(kubectl, ["port-forward", pod, ":7"]);
    await until(() => /127\.0\.0\.1:\d+ -> 7\n/.test(output()), "the port");
    const port = Number(/127\.0\.0\.1:(\d+)/.exec(output())?.[1]);
    const echoed = await new Promise<string>((resolve) => {
      const socket = net.connect(port, "127.0.0.1", () => socket.write("ping\n"));
      let text = "";
      socket.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        if (!text.includes("ping")) return;
        socket.destroy();
        resolve(text);
      });
    });
    expect(echoed).toContain("ping");
    child.kill("SIGINT");
    const [start, end] = await rowsOf("pods/portforward", 2);
    expect(start).toMatchObject({ stage: "start", verb: "create", message: "Session started: portforward" });
    expect(end).toMatchObject({ stage: "end", message: "Session ended, ports 7, 1 connection" });
  });

  test("follows a log until it leaves", async () => {
    const pod = await aPod(kubectl);
    const { child, output } = launch(kubectl, ["logs", "-f", pod]);
    await until(() => output().includes("\n"), "a line");
    child.kill("SIGKILL");
    await until(() => rows().includes("get pods/log end"), "the end");
    expect(rows().filter((row) => row.includes("log"))).toEqual(["get pods/log start", "get pods/log end"]);
  });
});

describe("the newest kubectl", () => {
  const kubectl = binaries.at(-1)!.path;

  test("watches until access ends", async () => {
    launch(kubectl, ["get", "pods", "-w"]);
    await until(() => rows().includes("watch pods start"), "the watch");
    gateway.decide = deny("no more");
    await until(() => rows().includes("watch pods end"), "its end");
    expect(gateway.recorder.entries.find(({ stage }) => stage === "end")).toMatchObject({
      message: "Watch ended: access was revoked",
      result: "failure",
    });
  });

  test("creates, applies, patches, deletes; each has an intent and its body", async () => {
    const manifest = path.join(folder, "map.yaml");
    await writeFile(manifest, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m1}\ndata: {a: b}\n");
    const manifest2 = path.join(folder, "map2.yaml");
    await writeFile(manifest2, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m2}\ndata: {a: b}\n");
    for (const args of [
      ["apply", "-f", manifest],
      ["apply", "--server-side", "-f", manifest2],
      ["patch", "configmap", "m1", "--type=json", "-p", '[{"op":"replace","path":"/data/a","value":"c"}]'],
      ["label", "configmap", "m1", "x=y"],
      ["create", "configmap", "m3", "--from-literal=color=blue"],
      ["create", "secret", "generic", "s1", "--from-literal=password=hunter2hunter2"],
      ["create", "deployment", "d1", "--image=nginx", "--replicas=0", "--", "mysql", "-phunter2"],
      ["delete", "secret", "s1"],
      ["delete", "configmap", "-l", "x=y"],
    ]) {
      expect(await run(kubectl, args), args.join(" ")).toMatchObject({ code: 0, err: "" });
    }
    const changes = ({ verb }: { verb: string }) => !["get", "list", "watch"].includes(verb);
    const writes = gateway.recorder.entries.filter(changes);
    expect(writes.map(({ verb, resource, resourceName }) => `${verb} ${resource} ${resourceName}`)).toEqual([
      ...["create configmaps m1", "patch configmaps m2", "patch configmaps m1", "patch configmaps m1"],
      ...["create configmaps m3", "create secrets s1", "create deployments d1"],
      ...["delete secrets s1", "delete configmaps m1"],
    ]);
    const intended = gateway.recorder.intents.filter(changes);
    expect(intended.map(({ callId }) => callId)).toEqual(writes.map(({ callId }) => callId));
    expect(writes[0]?.body?.text).toContain("name: m1");
    // kubectl's own creates are protobuf.
    const bodyOf = (name: string) => writes.find(({ resourceName }) => resourceName === name)?.body?.text;
    expect(bodyOf("m3")).toMatch(/^kind: ConfigMap\napiVersion: v1\n[\s\S]*data:\n {2}color: blue\n$/);
    expect(bodyOf("s1")).toContain('password: "[redacted 14 bytes]"');
    expect(bodyOf("d1")).toMatch(/replicas: 0\n[\s\S]*image: nginx\n[\s\S]*- -p\[redacted 7 bytes\]/);
    expect(JSON.stringify(gateway.recorder.entries)).not.toMatch(/hunter2|aHVudGVyMm/);
  }, 60_000);

  test("sees denials as a cluster would write them", async () => {
    gateway.decide = deny('pods is forbidden: User "alice@example.com" cannot list resource "pods"');
    const { code, err } = await run(kubectl, ["get", "pods"]);
    expect(code).toBe(1);
    expect(err).toContain('Error from server (Forbidden): pods is forbidden: User "alice@example.com"');
    const exec = await run(kubectl, ["exec", "web", "--", "ls"]);
    expect(exec.err).toContain("forbidden");
    expect(gateway.recorder.entries.every(({ httpStatus }) => httpStatus === 403)).toBe(true);
  });

  test("execs a long command; the rows keep its beginning and say its length", async () => {
    const pod = await aPod(kubectl);
    const script = `: ${"x".repeat(100_000)}; echo done`;
    expect(await run(kubectl, ["exec", pod, "--", "sh", "-c", script])).toMatchObject({
      code: 0,
      out: "done\n",
    });
    const [start, end] = await rowsOf("pods/exec", 2);
    expect(start?.message).toMatch(/^Session started: sh -c ': x+… \(request target: 100\d{3} characters\)$/);
    expect(end?.message).toMatch(/^Session ended, exit code 0 \(request target: 100\d{3} characters\)$/);
    expect(start?.body).toMatchObject({ truncated: true });
  });

  test("asks as somebody else, and both are on the record", async () => {
    const { out } = await run(kubectl, ["auth", "whoami", "-o", "json", "--as=bob", "--as-group=ops"]);
    expect(JSON.parse(out).status.userInfo).toMatchObject({ username: "bob" });
    const entry = gateway.recorder.entries.find(({ resource }) => resource === "selfsubjectreviews");
    expect(entry).toMatchObject({ impersonatedUser: "bob", impersonatedGroups: ["ops"] });
    expect(entry?.actor.email).toBe(ALICE.email);
    const mine = await run(kubectl, ["auth", "whoami", "-o", "json"]);
    expect(JSON.parse(mine.out).status.userInfo).toMatchObject({ username: ALICE.email });
  });

  test("copies a large file both ways, to the byte, without growth", async () => {
    const pod = await aPod(kubectl);
    const file = path.join(folder, "large");
    await writeFile(file, randomBytes(3 * 2 ** 20));
    const up = await run(kubectl, ["cp", file, `${pod}:/tmp/large`, "--retries=0"]);
    expect(up).toMatchObject({ code: 0 });
    const down = await run(kubectl, ["cp", `${pod}:/tmp/large`, `${file}.back`]);
    expect(down).toMatchObject({ code: 0 });
    expect((await stat(`${file}.back`)).size).toBe(3 * 2 ** 20);
    expect(await sha256(`${file}.back`)).toBe(await sha256(file));
    const ends = gateway.recorder.entries.filter(({ stage }) => stage === "end");
    expect(ends.some(({ bytesIn }) => (bytesIn ?? 0) > 3 * 2 ** 20)).toBe(true);
    // Who copies from a pod leaves once the archive is whole, and need not wait for tar's exit code.
    const known = ends.map(({ exitCode, message }) => exitCode ?? message);
    expect(
      known.filter((end) => typeof end === "string" && end !== "Session ended: the client left"),
    ).toEqual([]);
  });
});

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
