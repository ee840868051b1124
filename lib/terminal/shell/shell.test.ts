import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kubectlBinaries } from "../../../scripts/kubectl-binaries.ts";
import type { Isolation } from "../isolation/isolation.ts";
import { type LabShell, type ShellLab, startShellLab } from "./testing/shell-lab.ts";

const newest = (await kubectlBinaries()).at(-1)!;
const kinds = ["bubblewrap", "uid", "none"] as const;

let lab: ShellLab;
beforeAll(async () => {
  lab = await startShellLab();
});
afterAll(() => lab.close());

describe.each(kinds)("with %s", (kind) => {
  let isolation: Isolation;
  let shell: LabShell;
  beforeAll(async () => {
    isolation = await lab.isolation(kind);
    if (isolation.kind === "refused") return;
    shell = await lab.open({ isolation, kubectl: newest.path });
  });

  test("runs kubectl, pipes and files", async ({ skip }) => {
    if (isolation.kind === "refused") return skip(isolation.words);
    expect(await shell.run("kubectl get pods -A")).toContain("NAMESPACE");
    expect(await shell.run("kubectl get ns | grep -c kube-")).toMatch(/^[1-9]/);
    expect(await shell.run("kubectl get ns -o name > names")).toBe("");
    expect(await shell.run("cat names | head -1")).toContain("namespace/");
    expect(
      await shell.run("kubectl create cm from-shell --from-file=names --dry-run=client -o yaml > cm.yaml"),
    ).toBe("");
    expect(await shell.run("kubectl apply -f cm.yaml")).toContain("configmap/from-shell created");
    expect(await shell.run("cat cm.yaml | kubectl delete -f -")).toContain('"from-shell" deleted');
    expect(shell.commands.at(-1)).toEqual({ line: "cat cm.yaml | kubectl delete -f -", exitCode: 0 });
  });
});
