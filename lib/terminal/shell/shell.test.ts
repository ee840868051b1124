import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { kubectlBinaries } from "../../../scripts/kubectl-binaries.ts";
import type { Isolation } from "../isolation/isolation.ts";
import { type LabShell, type ShellLab, startShellLab } from "./testing/shell-lab.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const all = await kubectlBinaries();
const newest = all.at(-1)!;
const MANIFEST = (color: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: paint\ndata:\n  color: ${color}\n`;

let lab: ShellLab;
beforeAll(async () => {
  lab = await startShellLab();
});
afterAll(() => lab.close());

describe.each(["bubblewrap", "uid", "none"] as const)("with %s", (kind) => {
  let isolation: Isolation;
  let shell: LabShell;
  let pod: string;
  beforeAll(async () => {
    isolation = await lab.isolation(kind);
    if (isolation.kind === "refused") return;
    shell = await lab.open({ isolation, kubectl: newest.path });
    const running = "jsonpath='{.items[?(@.status.phase==\"Running\")].metadata.name}'";
    pod = (await shell.run(`kubectl get pods -o ${running}`)).trim().split(/\s+/)[0]!;
    expect(pod).toMatch(/^[a-z]/);
  });

  const place = (name: string, text: string) =>
    writeFile(path.join(shell.directory, "files", name), text, { mode: 0o644 });

  test("runs kubectl, pipes and files", async ({ skip }) => {
    if (isolation.kind === "refused") return skip(isolation.words);
    expect(await shell.run("kubectl get pods -A")).toContain("NAMESPACE");
    expect(await shell.run("k get ns | grep -c kube-")).toMatch(/^[1-9]/);
    expect(await shell.run("kubectl get ns -o name > names")).toBe("");
    expect(await shell.run("cat names | head -1")).toContain("namespace/");
    expect(await shell.run("kubectl get ns -o json | jq -r '.items[0].kind'")).toBe("Namespace");
    const create = "kubectl create cm from-shell --from-file=names --dry-run=client -o yaml";
    expect(await shell.run(`${create} > cm.yaml`)).toBe("");
    expect(await shell.run("kubectl apply -f cm.yaml")).toContain("configmap/from-shell created");
    expect(await shell.run("cat cm.yaml | kubectl delete -f -")).toContain('"from-shell" deleted');
    expect(shell.commands.at(-1)).toEqual({ line: "cat cm.yaml | kubectl delete -f -", exitCode: 0 });
    await shell.run("kubectl get pod there-is-none");
    expect(shell.commands.at(-1)!.exitCode).toBe(1);
  });

  test("has a terminal in a pod, of the right size", async ({ skip }) => {
    if (isolation.kind === "refused") return skip(isolation.words);
    const running = shell.run(`kubectl exec -it ${pod} -- sh`);
    // The prompt before the command looks the same.
    await shell.shows(/ -- sh\n[\s\S]*[$#] ?$/);
    shell.type("echo it-$((40+2))\r");
    await shell.shows(/^it-42$/m);
    shell.resize({ columns: 70, rows: 20 });
    // kubectl tells the pod of the size beside what is typed, so the shell in the pod may be asked before it knows.
    shell.type('until [ "$(stty size)" = "20 70" ]; do sleep 0.1; done; echo sized-$((40+2))\r');
    await shell.shows(/^sized-42$/m);
    shell.type("\x03");
    shell.type("exit 3\r");
    await running;
    expect(shell.commands.at(-1)!.exitCode).toBe(3);
    shell.resize({ columns: 100, rows: 30 });
    await shell.run(`echo over | kubectl exec -i ${pod} -- cat`);
    expect(await shell.screen()).toContain("over\n");
  });

  test("loses nothing of what passes", async ({ skip }) => {
    if (isolation.kind === "refused") return skip(isolation.words);
    await place("large", `${"0123456789abcde\n".repeat(8)}`.repeat(16_384));
    expect(await shell.run(`cat large | kubectl exec -i ${pod} -- cat | wc -c`)).toBe("2097152");
    expect(await shell.run("cat large | grep -c 9abc")).toBe("131072");
    await shell.run("rm large");
  });

  test("copies between a pod and the private directory", async ({ skip }) => {
    if (isolation.kind === "refused") return skip(isolation.words);
    await shell.run("echo copied > here");
    await shell.run(`kubectl cp here ${pod}:/tmp/there`);
    expect(shell.commands.at(-1)!.exitCode).toBe(0);
    await shell.run(`kubectl cp ${pod}:/tmp/there ./back`);
    expect(await shell.run("cat back")).toBe("copied");
  });

  test("edits in the page: what the cluster refuses comes back", async ({ skip }) => {
    if (isolation.kind === "refused") return skip(isolation.words);
    await place("paint.yaml", MANIFEST("red"));
    await shell.run("kubectl apply -f paint.yaml");
    const shown: string[] = [];
    shell.host.edit = async ({ text }) => {
      shown.push(text);
      return shown.length === 1
        ? text.replace("color: red", "color: [1]")
        : text.replace("color: [1]", "color: blue");
    };
    expect(await shell.run("kubectl edit cm paint")).toContain("configmap/paint replaced");
    expect(shown[0]).toContain("color: red");
    expect(shown[1]).toContain("# The cluster did not take this:");
    expect(await shell.run("kubectl get cm paint -o jsonpath='{.data.color}'")).toContain("blue");
    shell.host.edit = async ({ text }) => text;
    expect(await shell.run("kubectl edit cm paint")).toContain("nothing was changed");
    shell.host.edit = async () => null;
    expect(await shell.run("kubectl edit cm paint")).toContain("nothing was changed");
    expect(shell.commands.at(-1)!.exitCode).toBe(1);
    expect(await shell.run("kubectl create --edit -f paint.yaml")).toContain("nothing was changed");
    shell.host.edit = async ({ text }) => text.replace("name: paint", "name: repainted");
    expect(await shell.run("kubectl create -f paint.yaml --edit")).toContain("configmap/repainted created");
    await place("huge.yaml", "#".repeat(4 * 2 ** 20 + 1));
    expect(await shell.run("kubectl create --edit -f huge.yaml")).toContain("a file of at most 4 MiB");
    await shell.run("rm huge.yaml");
    await shell.run("kubectl delete cm paint repainted");
  });

  test("replaces by force what it reads", async ({ skip }) => {
    if (isolation.kind === "refused") return skip(isolation.words);
    await place("forced.yaml", MANIFEST("red").replace("name: paint", "name: forced"));
    await shell.run("kubectl apply -f forced.yaml");
    expect(await shell.run("kubectl replace --force -f forced.yaml")).toContain("configmap/forced replaced");
    await shell.run("kubectl delete cm forced");
  });

  test("compares in the gateway", async ({ skip }) => {
    if (isolation.kind === "refused") return skip(isolation.words);
    await place("paint.yaml", MANIFEST("red"));
    await shell.run("kubectl apply -f paint.yaml");
    expect(await shell.run("kubectl diff -f paint.yaml")).toBe("");
    await place("paint.yaml", MANIFEST("green"));
    const said = await shell.run("kubectl diff -f paint.yaml");
    expect(said).toContain("-  color: red");
    expect(said).toContain("+  color: green");
    expect(shell.commands.at(-1)!.exitCode).toBe(1);
    const secret =
      "kubectl create secret generic hidden --from-literal=a=first-value -o yaml --dry-run=client";
    await shell.run(`${secret} | kubectl apply -f -`);
    const masked = await shell.run(`${secret.replace("first", "other")} | kubectl diff -f -`);
    expect(masked).toContain("*** (before)");
    expect(masked).not.toMatch(new RegExp(Buffer.from("other-value").toString("base64").slice(0, 10)));
    await shell.run("kubectl delete secret hidden");
  });

  test("takes files from the person and gives them back", async ({ skip }) => {
    if (isolation.kind === "refused") return skip(isolation.words);
    const path_ = path.join(lab.folder, `upload-${kind}`);
    await writeFile(path_, MANIFEST("uploaded"));
    shell.host.uploads.push({ name: "my file.yaml", path: path_ });
    expect(await shell.run("upload")).toBe("my_file.yaml");
    expect(await shell.run("kubectl apply -f my_file.yaml")).toMatch(/configmap\/paint (configured|created)/);
    await shell.run("download my_file.yaml");
    expect(shell.host.downloads.at(-1)).toEqual({ name: "my_file.yaml", text: MANIFEST("uploaded") });
    expect(await shell.run("upload")).toContain("nothing was uploaded");
  });

  test("ends what runs by Ctrl-C, with a terminal and without", async ({ skip }) => {
    if (isolation.kind === "refused") return skip(isolation.words);
    await shell.run("clear");
    const watching = shell.run("kubectl get pods -w");
    await shell.shows("READY");
    shell.type("\x03");
    await watching;
    expect(shell.commands.at(-1)!.exitCode).not.toBe(0);
    const piped = shell.run("kubectl get ns -w -o name | grep namespace");
    await shell.shows(/^namespace\/default$/m);
    shell.type("\x03");
    await piped;
    expect(shell.commands.at(-1)).toMatchObject({ exitCode: 130 });
    const count = shell.commands.length;
    shell.type("kubectl get ns -w\r\x03");
    await expect.poll(() => shell.commands[count]?.exitCode, { timeout: 20_000 }).toBe(130);
  });

  test("knows its namespace", async ({ skip }) => {
    if (isolation.kind === "refused") return skip(isolation.words);
    expect(await shell.run("ns kube-system")).toBe("");
    expect(await shell.screen()).toContain("prod/kube-system $");
    expect(await shell.run("kubectl get pods -o name --show-kind | head -1")).toMatch(/^pod\/|^$/);
    expect(lab.calls.at(-1)!.url).toContain("/namespaces/kube-system/");
    expect(await shell.run("ns nowhere-to-be-found")).toContain("there is no namespace nowhere-to-be-found");
    expect(await shell.run("kubectl config set-context --current --namespace=payments")).toBe("");
    expect(await shell.run("ctx")).toContain("alice@example.com");
    expect(await shell.run("kubectl config view")).toContain("cluster: prod");
  });
});

describe("a shell", () => {
  let isolation: Isolation;
  let shell: LabShell;
  beforeAll(async () => {
    isolation = await lab.isolation("none");
    shell = await lab.open({
      isolation,
      kubectl: newest.path,
      columns: 60,
      history: ["kubectl get nodes", "help"],
    });
  });

  test("completes verbs, flags, kinds, namespaces, names and files", async () => {
    const completed = async (typed: string, expected: string) => {
      shell.type(`${typed}\t`);
      await shell.shows(`$ ${expected}`);
      shell.type("\x03");
      await shell.shows(/\$ ?$/);
    };
    await completed("kubec", "kubectl");
    await completed("kubectl desc", "kubectl describe");
    await completed("kubectl get --all-n", "kubectl get --all-namespaces");
    await completed("kubectl get deploym", "kubectl get deployments");
    await completed("kubectl get pods -n kube-s", "kubectl get pods -n kube-system");
    await completed("kubectl get ns/kube-s", "kubectl get ns/kube-system");
    await completed("kubectl rollout stat", "kubectl rollout status");
    await shell.run("echo x > manifest.yaml");
    await completed("cat mani", "cat manifest.yaml");
    await completed("kubectl apply -f mani", "kubectl apply -f manifest.yaml");
    await completed("hist", "history");
    shell.type("kubectl get configm\t");
    await shell.shows("$ kubectl get configmaps");
    shell.type("\x15kubectl co\t\t");
    await shell.shows(/completion +cordon|completion\s+cordon/);
    shell.type("\x03");
  });

  test("remembers lines, also of earlier shells, and searches them", async () => {
    shell.type("\x1b[A");
    await shell.shows(/\$ echo x > manifest\.yaml$/);
    shell.type("\x03");
    await shell.run("echo mark-one");
    expect(shell.saved).toContain("echo mark-one");
    shell.type("\x12nodes");
    await shell.shows('(search "nodes") kubectl get nodes');
    shell.type("\x07\x1b[A");
    await shell.shows(/\$ echo mark-one$/);
    shell.type("\x03");
    expect(await shell.run("history 1")).toContain("history 1");
  });

  test("runs what was typed ahead, one line after the other", async () => {
    const count = shell.commands.length;
    shell.type("echo first\recho second\r");
    await expect.poll(() => shell.commands.length).toBe(count + 2);
    await shell.shows(/first\n[^\n]*\$ echo second\nsecond/);
  });

  test("waits for the browser no longer than the person does", async () => {
    shell.host.edit = () => new Promise(() => undefined);
    const editing = shell.run("kubectl edit ns default");
    await expect
      .poll(() => shell.commands.at(-1))
      .toEqual({ line: "kubectl edit ns default", exitCode: null });
    shell.type("\x03");
    await editing;
    expect(shell.commands.at(-1)!.exitCode).toBe(130);
    const other = await lab.open({ isolation, kubectl: newest.path });
    other.host.upload = new Promise(() => undefined);
    other.type("upload\r");
    await expect.poll(() => other.commands.length).toBe(1);
    await other.close();
  });

  test("pages with less", async () => {
    const running = shell.run("history | less");
    await shell.shows("q to leave");
    shell.type("/mark-one\rq");
    await running;
    expect(shell.commands.at(-1)!.exitCode).toBe(0);
  });

  test("pages through no more lines than fit into memory", async () => {
    await writeFile(path.join(shell.directory, "files", "empty-lines"), "\n".repeat(1_000_001));
    expect(await shell.run("less empty-lines")).toContain("less takes at most 1000000 lines");
    expect(shell.commands.at(-1)!.exitCode).toBe(2);
    await shell.run("rm empty-lines");
  });

  test("says what it is told of a kubectl that is not there", async () => {
    const waiting = await lab.open({ isolation, kubectl: "" });
    expect(await waiting.run("kubectl get pods")).toContain("kubectl is being fetched");
    expect(waiting.commands.at(-1)!.exitCode).toBe(69);
    expect(await waiting.run("echo still works")).toBe("still works");
  });

  test("leaves by exit and by Ctrl-D", async () => {
    const one = await lab.open({ isolation, kubectl: newest.path });
    one.type("exit\r");
    await one.shell.left;
    const two = await lab.open({ isolation, kubectl: newest.path });
    two.type("\x04");
    await two.shell.left;
  });
});

describe.each([all[0]!])("kubectl $version", ({ path: oldest }) => {
  test("runs too", async () => {
    const sandbox = await lab.isolation("bubblewrap");
    const isolation = sandbox.kind === "refused" ? await lab.isolation("none") : sandbox;
    const shell = await lab.open({ isolation, kubectl: oldest });
    expect(await shell.run("kubectl get ns")).toContain("kube-system");
    expect(await shell.run("kubectl delete cm nothing --dry-run=server --ignore-not-found")).toBe("");
    await shell.run("kubectl annotate ns default a=b --overwrite");
    expect(shell.commands.at(-1)!.exitCode).toBe(0);
  });
});
