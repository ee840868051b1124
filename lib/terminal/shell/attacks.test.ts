import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import http from "node:http";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { kubectlBinaries } from "../../../scripts/kubectl-binaries.ts";
import type { Isolation, Sandbox } from "../isolation/isolation.ts";
import { FIRST_USER_ID, type LabShell, type ShellLab, startShellLab } from "./testing/shell-lab.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const newest = (await kubectlBinaries()).at(-1)!;
const SECRET = "what-no-shell-may-show";

let lab: ShellLab;
/** Of this host: a file that only this process's user reads, one that all read, a folder to write to, a server. */
let host: {
  folder: string;
  closed: string;
  open: string;
  port: number;
  asked: string[];
  close(): Promise<void>;
};

beforeAll(async () => {
  lab = await startShellLab();
  host = await hostOfTheGateway();
});
afterAll(async () => {
  await lab.close();
  await host.close();
});

async function hostOfTheGateway(): Promise<typeof host> {
  const folder = await mkdtemp(path.join(tmpdir(), "kubewitness-host-"));
  await chmod(folder, 0o755);
  const closed = path.join(folder, "closed");
  const open = path.join(folder, "open");
  await writeFile(closed, SECRET, { mode: 0o600 });
  await writeFile(open, SECRET, { mode: 0o644 });
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    asked.push(request.url!);
    response.end(SECRET);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    ...{ folder, closed, open, asked, port: (server.address() as net.AddressInfo).port },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}

// What people could try by lines, whatever isolation there is.
describe.each(["bubblewrap", "uid", "none"] as const)("lines, with %s", (kind) => {
  let isolation: Isolation;
  let shell: LabShell;
  beforeAll(async () => {
    isolation = await lab.isolation(kind, 2 ** 20);
    if (isolation.kind !== "refused") shell = await lab.open({ isolation, kubectl: newest.path });
  });

  const lines = () => [
    `kubectl get pods --kubeconfig=${host.open}`,
    `kubectl --kubeconfig ${host.open} get pods`,
    `kubectl get pods --server=http://127.0.0.1:${host.port}`,
    `kubectl get pods -shttp://127.0.0.1:${host.port}`,
    "kubectl get pods --token=x",
    "kubectl get pods --user=x --cluster=y --context=z",
    "kubectl get pods --insecure-skip-tls-verify",
    `kubectl get pods --certificate-authority=${host.open}`,
    `kubectl create cm x --from-file=${host.open} --dry-run=client -o yaml`,
    `kubectl create cm x --from-file=a=${host.open} --dry-run=client -o yaml`,
    `kubectl create cm x '--from-file="${host.open}"' --dry-run=client -o yaml`,
    `kubectl create cm x --from-env-file=${host.open} --dry-run=client -o yaml`,
    "kubectl create cm x --from-file=../../../../etc/passwd --dry-run=client -o yaml",
    `kubectl create secret tls x --cert=${host.open} --key=${host.open}`,
    `kubectl apply -f ${host.open}`,
    `kubectl apply -f http://127.0.0.1:${host.port}/x.yaml`,
    `kubectl apply -fhttp://127.0.0.1:${host.port}/x.yaml`,
    "kubectl apply -f /etc/passwd",
    "kubectl get -f/proc/self/environ",
    `kubectl label --local -f ${host.open} a=b -o yaml`,
    "kubectl apply -k .",
    `kubectl kustomize http://127.0.0.1:${host.port}/x`,
    `kubectl get pods -o jsonpath-file=${host.open}`,
    `kubectl get pods -o go-template-file --template=${host.open}`,
    `kubectl get pods -o custom-columns-file=${host.open}`,
    `kubectl patch pod x --patch-file=${host.open}`,
    `kubectl cp ${host.open} web-0:/tmp/x`,
    `kubectl cp web-0:/etc/hosts ${host.folder}/written`,
    "kubectl cp web-0:/etc/hosts ../../written",
    `kubectl cluster-info dump --output-directory=${host.folder}/written`,
    `kubectl get pods --profile=cpu --profile-output=${host.folder}/written`,
    `kubectl get pods --cache-dir=${host.folder}/written`,
    `kubectl get pods --kuberc=${host.open}`,
    `kubectl get pods --log-file=${host.folder}/written`,
    `kubectl debug web-0 --image=x --custom=${host.open}`,
    "kubectl plugin list",
    "kubectl hello",
    "kubectl proxy --www=/etc",
    "kubectl port-forward web-0 8080",
    "kubectl config view --raw",
    "kubectl config set-credentials x --exec-command=/bin/sh",
    "kubectl kuberc set --section defaults",
    "kubectl apply edit-last-applied cm/x",
    "kubectl apply -f x edit-last-applied",
    "kubectl apply --wait edit-last-applied cm/x",
    "kubectl get pods -v=9",
    `cat ${host.open}`,
    "cat ../kubeconfig",
    `cat < ${host.open}`,
    `echo x > ${host.folder}/written`,
    `echo x >> ../../written`,
    `rm ${host.open}`,
    "rm ..",
    `download ${host.open}`,
    `less ${host.open}`,
    `grep . ${host.open}`,
    "sh",
    "/bin/sh -c id",
    "kubectl get pods; id",
    "kubectl get pods | sh",
    "echo $(id)",
    "echo `id`",
    "echo $HOME",
    "KUBECONFIG=/x kubectl get pods",
    "PATH=/bin kubectl get pods",
    "KUBECTL_EXTERNAL_DIFF=/bin/sh kubectl diff -f x",
    "EDITOR=/bin/sh kubectl edit cm x",
  ];

  test("are refused in words, run nothing, and are on the record", async ({ skip }) => {
    if (isolation.kind === "refused") return skip(isolation.words);
    for (const line of lines()) {
      const calls = lab.calls.length;
      const said = await shell.run(line);
      expect(said.trim(), line).not.toBe("");
      expect(said, line).not.toContain(SECRET);
      expect(said, line).not.toMatch(/uid=|root:x/);
      expect(shell.commands.at(-1), line).toEqual({ line, exitCode: 2 });
      expect(lab.calls.length, line).toBe(calls);
    }
    expect(host.asked).toEqual([]);
    expect((await readdir(host.folder)).sort()).toEqual(["closed", "open"]);
    expect(await shell.run("ls")).toBe("");
  });

  // A pod's archive, or a hole in kubectl, could put a link into the private directory. This process may be root.
  test("do not follow links of the private directory", async ({ skip }) => {
    if (isolation.kind === "refused") return skip(isolation.words);
    const files = path.join(shell.directory, "files");
    await symlink(host.closed, path.join(files, "link"));
    await symlink(host.folder, path.join(files, "folder"));
    shell.host.uploads.push({ name: "x", path: path.join(host.folder, "none") });
    for (const line of [
      "cat link",
      "cat folder/closed",
      "less link",
      "grep . folder/open",
      "cat < link",
      "echo overwritten > link",
      "echo overwritten >> folder/open",
      "echo new > folder/written",
      "download link",
      "upload link",
      "kubectl apply -f link",
      "kubectl create cm x --from-file=link --dry-run=client -o yaml",
      "kubectl create cm x --from-file=folder/open --dry-run=client -o yaml",
      "kubectl create cm x --from-file=folder --dry-run=client -o yaml",
    ]) {
      const said = await shell.run(line);
      expect(said, line).not.toContain(SECRET);
      expect(shell.commands.at(-1)!.exitCode, line).not.toBe(0);
    }
    for (const target of ["link", "folder", "folder/written", "folder/open/x"])
      expect(await shell.run(`kubectl cp web-0:/etc/hosts ${target}`)).toBe(`cannot write ${target} (ELOOP)`);
    expect(shell.host.downloads).toEqual([]);
    await shell.run("rm folder");
    await shell.run("rm link");
    expect(await readFile(host.closed, "utf8")).toBe(SECRET);
    expect(await readFile(host.open, "utf8")).toBe(SECRET);
    expect((await readdir(host.folder)).sort()).toEqual(["closed", "open"]);
  });

  test("fill no more than the private directory", async ({ skip }) => {
    if (isolation.kind === "refused") return skip(isolation.words);
    const full = await lab.open({ isolation, kubectl: newest.path, directoryBytes: 2 ** 20 });
    await full.run(`echo '${"x".repeat(8000)}' > a`);
    let said = "";
    for (let round = 0; round < 12 && !said.includes("full"); round++)
      said = (await full.run(`cat a a a > b${round}`)) || (await full.run(`cat b${round} > a`));
    expect(said).toContain("your directory is full");
    expect((await stat(path.join(full.directory, "files/a"))).size).toBeLessThan(2 ** 20);
  });
});

/** Runs kubectl in a sandbox with words that no line could give it: a hole in the first wall. */
function runRaw(sandbox: Sandbox, kubectl: string, args: string[]): Promise<string> {
  return sandbox.command({ kubectl, args, namespace: "default" }).then(
    ({ file, args: words, cwd, env }) =>
      new Promise((resolve) => {
        execFile(file, words, { cwd, env: env as never, timeout: 30_000 }, (_error, out, err) =>
          resolve(out + err),
        );
      }),
  );
}

const readsFile = (file: string) => [
  "create",
  "configmap",
  "x",
  `--from-file=${file}`,
  "--dry-run=client",
  "-o",
  "yaml",
];

/** A kubeconfig whose user is made by a program that leaves a mark. */
const execKubeconfig = (mark: string) =>
  JSON.stringify({
    ...{ apiVersion: "v1", kind: "Config", "current-context": "c" },
    clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    users: [
      {
        name: "u",
        user: {
          exec: {
            ...{ apiVersion: "client.authentication.k8s.io/v1", interactiveMode: "Never" },
            ...{ command: "/bin/sh", args: ["-c", `id > ${mark}`] },
          },
        },
      },
    ],
  });

describe.each(["bubblewrap", "uid"] as const)("a hole in kubectl or in the table, with %s", (kind) => {
  let isolation: Isolation;
  let shell: LabShell;
  let other: LabShell;
  let sandbox: Sandbox;
  beforeAll(async () => {
    isolation = await lab.isolation(kind);
    if (isolation.kind === "refused") return;
    shell = await lab.open({ isolation, kubectl: newest.path });
    other = await lab.open({ isolation, kubectl: newest.path });
    await other.run(`echo ${SECRET} > secret`);
    const directory = await isolation.makeDirectory();
    sandbox = await isolation.openSandbox({
      directory,
      apiSocket: path.join(lab.folder, "api.sock"),
      cluster: "prod",
    });
  });
  afterAll(() => sandbox?.close());
  const raw = (...args: string[]) => runRaw(sandbox, newest.path, args);

  test("reads no file of this process's user", async ({ skip }) => {
    if (isolation.kind === "refused") return skip(isolation.words);
    expect(await raw("get", "ns", "-o", "name")).toContain("namespace/default");
    for (const file of [host.closed, "/etc/shadow", "/proc/1/environ", `/proc/${process.pid}/environ`]) {
      const said = await raw(...readsFile(file));
      expect(said, file).toMatch(/no such file|permission denied/i);
    }
    if (kind !== "bubblewrap") return;
    for (const file of [host.open, "/etc/passwd", "/usr", process.execPath, import.meta.filename])
      expect(await raw(...readsFile(file)), file).toMatch(/no such file|permission denied/i);
  });

  test("reaches no other session's files, socket or kubeconfig", async ({ skip }) => {
    if (isolation.kind === "refused") return skip(isolation.words);
    expect(await readFile(path.join(other.directory, "files/secret"), "utf8")).toContain(SECRET);
    for (const name of ["files/secret", "kubeconfig", "api.sock", "files", ""]) {
      const said = await raw(...readsFile(path.join(other.directory, name)));
      expect(said, name).toMatch(/no such file|permission denied/i);
    }
    const { uid, mode } = await stat(other.directory);
    expect(mode & 0o077).toBe(0);
    if (process.getuid?.() === 0) expect(uid).not.toBe((await stat(shell.directory)).uid);
  });

  test("starts no program of the host", async ({ skip }) => {
    if (isolation.kind === "refused") return skip(isolation.words);
    const mark = path.join(host.folder, "mark");
    const given = path.join(sandbox.files, "kubeconfig");
    await writeFile(given, execKubeconfig(mark), { mode: 0o644 });
    const name = kind === "bubblewrap" ? "/files/kubeconfig" : given;
    const said = await raw("get", "pods", `--kubeconfig=${name}`);
    if (kind === "bubblewrap") expect(said).toMatch(/no such file|not found/i);
    // As a user of its own a program could start; the line that would make it is refused, and what it may do is nothing to anybody.
    expect(existsSync(mark)).toBe(false);
    expect(await raw("kustomize", `http://127.0.0.1:${host.port}/x`)).toMatch(/error/i);
    expect(await raw("plugin", "list")).toMatch(/error|unable to find/i);
    expect(await raw("edit", "configmap", "kube-root-ca.crt")).toMatch(
      /executable file not found|unable to launch|no such file|error/i,
    );
  });

  test("writes nothing outside its own directories", async ({ skip }) => {
    if (isolation.kind === "refused") return skip(isolation.words);
    for (const target of [host.folder, "/etc", "/", other.directory]) {
      await raw("get", "ns", "--profile=cpu", `--profile-output=${path.join(target, "written")}`);
      expect(existsSync(path.join(target, "written")), target).toBe(false);
    }
  });

  test("reaches no port of this host, or none of the relay without its password", async ({ skip }) => {
    if (isolation.kind === "refused") return skip(isolation.words);
    if (kind === "bubblewrap") {
      expect(await raw("get", "pods", `--server=http://127.0.0.1:${host.port}`)).toMatch(
        /refused|unreachable/i,
      );
      expect(host.asked).toEqual([]);
    } else await attackRelay(path.join(path.dirname(sandbox.files), "kubeconfig"));
  });

  test("has no credential in its kubeconfig, and an environment of its own", async ({ skip }) => {
    if (isolation.kind === "refused") return skip(isolation.words);
    expect(await raw("config", "view", "--raw")).not.toMatch(
      /token|client-key|certificate|auth-provider|exec:/,
    );
    const { env } = await sandbox.command({ kubectl: newest.path, args: [], namespace: "default" });
    expect(
      Object.keys(env).filter((name) => /PROXY|SECRET|TOKEN|DATABASE|NEXTAUTH|NODE/i.test(name)),
    ).toEqual([]);
  });

  // As the kernel sees the process itself.
  test("runs without capabilities, groups and new privileges, within limits, as a user of its own", async ({
    skip,
  }) => {
    if (isolation.kind === "refused") return skip(isolation.words);
    if (process.platform !== "linux") return skip("there is no /proc");
    const watching = shell.run("kubectl get pods -A -w");
    await shell.shows("NAMESPACE");
    const { status, environ, limits } = await kubectlProcess((await stat(shell.directory)).uid);
    expect(status).toMatch(/^CapEff:\s*0+$/m);
    expect(status).toMatch(/^CapBnd:\s*0+$/m);
    expect(status).toMatch(/^NoNewPrivs:\s*1$/m);
    if (process.getuid?.() === 0) {
      expect(status).toMatch(/^Groups:\s*$/m);
      expect(Number(/^Uid:\s*(\d+)\s/m.exec(status)?.[1]) - FIRST_USER_ID).toBeOneOf([
        ...Array(1_000).keys(),
      ]);
    }
    expect(
      environ
        .split("\0")
        .map((entry) => entry.split("=")[0])
        .filter(
          (name) =>
            !/^(HOME|TMPDIR|KUBECONFIG|PATH|TERM|KUBERC|KUBECTL_KUBERC|GOMEMLIMIT|GOMAXPROCS|PWD)?$/.test(
              name!,
            ),
        ),
    ).toEqual([]);
    for (const limit of [
      /^Max cpu time\s+600\s/m,
      /^Max address space\s+2147483648\s/m,
      /^Max processes\s+512\s/m,
      /^Max open files\s+256\s/m,
      /^Max file size\s+8388608\s/m,
      /^Max core file size\s+0\s/m,
    ])
      expect(limits).toMatch(limit);
    shell.type("\x03");
    await watching;
    expect(shell.commands.at(-1)!.exitCode).not.toBe(0);
  });
});

/** Any program of this host can connect to the relay of a session that shares its network. */
async function attackRelay(kubeconfig: string): Promise<void> {
  const { clusters } = JSON.parse(await readFile(kubeconfig, "utf8"));
  const { port } = new URL(clusters[0].cluster["proxy-url"]);
  const calls = lab.calls.length;
  for (const greeting of GREETINGS) {
    const answer = await converse(
      Number(port),
      Buffer.from([...greeting, ...Buffer.from("GET /version HTTP/1.1\r\n\r\n")]),
    );
    expect(answer).not.toContain("HTTP");
  }
  expect(lab.calls.length).toBe(calls);
}

/** SOCKS5 without a password, with another one, SOCKS4, HTTP. */
const GREETINGS = [[5, 1, 0], [5, 1, 2, 1, 1, 97, 4, 1, 2, 3, 4], [4, 1, 0, 80, 1, 1, 1, 1, 0], []];

function converse(port: number, data: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = net.connect(port, "127.0.0.1", () => socket.end(data));
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(answer));
    socket.setTimeout(5_000, () => socket.destroy());
  });
}

/** The kubectl that watches as this user. */
async function kubectlProcess(
  uid: number,
): Promise<Record<"status" | "environ" | "limits", string> & { pid: number }> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
      const read = (name: string) => readFile(`/proc/${pid}/${name}`, "utf8").catch(() => "");
      const [command, status] = [await read("cmdline"), await read("status")];
      const [program] = command.split("\0");
      if (!/kubectl[^/]*$/.test(program!) || !command.includes("--watch=true")) continue;
      if (!new RegExp(`^Uid:\\s*${uid}\\s`, "m").test(status)) continue;
      return { pid: Number(pid), status, environ: await read("environ"), limits: await read("limits") };
    }
    if (Date.now() > deadline) throw new Error("there is no such kubectl");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe("what runs", () => {
  let isolation: Isolation;
  beforeAll(async () => {
    isolation = await lab.isolation(process.getuid?.() === 0 ? "uid" : "none");
  });

  test("ends with its shell, and its directory with it", async () => {
    const shell = await lab.open({ isolation, kubectl: newest.path });
    shell.type("kubectl get pods -A -w\r");
    await shell.shows("NAMESPACE");
    const { pid } = await kubectlProcess((await stat(shell.directory)).uid);
    await shell.close();
    await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false);
    expect(existsSync(shell.directory)).toBe(false);
  });

  test("does not begin where it cannot be put on the record", async () => {
    const shell = await lab.open({ isolation, kubectl: newest.path });
    shell.host.refuses = true;
    const calls = lab.calls.length;
    shell.type("kubectl get pods\r");
    await shell.shows("cannot be put on the record");
    expect(lab.calls.length).toBe(calls);
    expect(shell.commands).toEqual([]);
  });

  test("waits for the terminal, and holds nothing meanwhile", async () => {
    const shell = await lab.open({ isolation, kubectl: newest.path });
    await shell.run(`echo '${"x".repeat(8000)}' > a`);
    for (const [from, to] of ["ab", "ba", "ab", "ba"])
      await shell.run(`cat ${from} ${from} ${from} ${from} ${from} > ${to}`);
    let open!: () => void;
    shell.host.room = new Promise((resolve) => {
      open = resolve;
    });
    const before = shell.host.written;
    const running = shell.run("cat a a | grep x");
    await expect.poll(() => shell.host.written).toBeGreaterThan(before);
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(shell.host.written - before).toBeLessThan(300_000);
    shell.host.room = undefined;
    open();
    await running;
    expect(shell.host.written - before).toBeGreaterThan(5_000_000);
  });
});
