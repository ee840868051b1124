import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { kubectlBinaries } from "../../scripts/kubectl-binaries.ts";
import { type Entry, entryOf } from "./entries.ts";
import { mergeKubeconfig } from "./merge.ts";
import { kubeconfigToWrite } from "./place.ts";
import { readContexts } from "./read.ts";
import { changeKubeconfig } from "./write.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "kubewitness-cli-kubeconfig-"));
  file = path.join(folder, "config");
});
afterEach(() => rmSync(folder, { recursive: true }));

const GATEWAY = {
  server: "https://audit.example.com:8443",
  certificateAuthority: "-----BEGIN CERTIFICATE-----\n",
};
const PROGRAM = { command: "kubewitness", arguments: [] };
const entry = (cluster: string): Entry =>
  entryOf(GATEWAY, { cluster, profile: "audit.example.com", program: PROGRAM });
const merge = (
  text: string | null,
  entries = [entry("prod"), entry("staging")],
  current: string | null = null,
) => mergeKubeconfig({ file, text }, entries, current);

const THEIRS = `# mine, by hand
apiVersion: v1
kind: Config
current-context: kind
preferences: {colors: true}
clusters:
  - cluster: {server: "https://127.0.0.1:6443", insecure-skip-tls-verify: true} # at home
    name: kind
contexts:
  - {name: kind, context: {cluster: kind, user: kind, namespace: web}}
users:
  - name: kind
    user: {username: u, password: p}
`;

describe("merging", () => {
  test("leaves everything that is there, comments and the current context included", () => {
    const merged = merge(THEIRS);
    expect(merged).toContain("# mine, by hand");
    expect(merged).toContain("# at home");
    writeFileSync(file, merged);
    expect(readContexts({ KUBECONFIG: file })).toEqual({
      current: "kind",
      contexts: [
        { name: "kind", cluster: null, profile: null, namespace: "web" },
        { name: "prod@audit.example.com", cluster: "prod", profile: "audit.example.com", namespace: null },
        {
          name: "staging@audit.example.com",
          cluster: "staging",
          profile: "audit.example.com",
          namespace: null,
        },
      ],
    });
  });

  test("again replaces its own entries, and keeps the namespace that somebody chose", () => {
    const once = merge(THEIRS);
    expect(merge(once)).toBe(once);
    const chosen = once.replace(
      "user: staging@audit.example.com\n",
      "user: staging@audit.example.com\n      namespace: web\n",
    );
    expect(chosen).not.toBe(once);
    expect(merge(chosen)).toBe(chosen);
  });

  test("begins with the first cluster where there was no context, and with another where it is asked for", () => {
    expect(merge(null)).toContain("current-context: prod@audit.example.com");
    expect(merge(THEIRS, [entry("prod")], "prod@audit.example.com")).toContain(
      "current-context: prod@audit.example.com",
    );
  });

  test.each([
    ["what is no YAML", "clusters: [", "no kubeconfig"],
    ["what is no mapping", "- a\n- b\n", "it is no mapping"],
    ["what has no list", "clusters: prod\n", "clusters is no list"],
  ])("%s is refused and left alone", async (_what, text, message) => {
    writeFileSync(file, text);
    await expect(changeKubeconfig(file, (before) => merge(before))).rejects.toThrow(message);
    expect(readFileSync(file, "utf8")).toBe(text);
    expect(existsSync(`${file}.lock`)).toBe(false);
  });

  test("real kubectl of every version here reads what was written", async () => {
    await changeKubeconfig(file, () => merge(THEIRS));
    for (const { path: kubectl, version } of await kubectlBinaries()) {
      const view = JSON.parse(
        execFileSync(kubectl, ["--kubeconfig", file, "config", "view", "--raw", "-o", "json"], {
          encoding: "utf8",
        }),
      );
      expect(view.contexts.map(({ name }: { name: string }) => name).sort(), version).toEqual([
        "kind",
        "prod@audit.example.com",
        "staging@audit.example.com",
      ]);
      const { user } = view.users.find(({ name }: { name: string }) => name === "prod@audit.example.com");
      expect(user.exec, version).toMatchObject({
        apiVersion: "client.authentication.k8s.io/v1",
        command: "kubewitness",
        args: ["credential", "--profile", "audit.example.com", "--cluster", "prod"],
      });
      expect(view.users.find(({ name }: { name: string }) => name === "kind").user, version).toEqual({
        username: "u",
        password: "p",
      });
    }
  });
});

describe("writing", () => {
  test("is for the owner's eyes, whatever the file was before", async () => {
    writeFileSync(file, THEIRS);
    chmodSync(file, 0o644);
    await changeKubeconfig(file, (text) => merge(text));
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("follows a symbolic link, which stays", async () => {
    const real = path.join(folder, "dotfiles");
    writeFileSync(real, THEIRS);
    symlinkSync(real, file);
    await changeKubeconfig(file, (text) => merge(text));
    expect(readFileSync(real, "utf8")).toContain("prod@audit.example.com");
    expect(readFileSync(file, "utf8")).toContain("prod@audit.example.com");
  });

  test("several at once lose nothing of one another", async () => {
    const names = Array.from({ length: 8 }, (_, index) => `c${index}`);
    await Promise.all(names.map((name) => changeKubeconfig(file, (text) => merge(text, [entry(name)]))));
    expect(
      readContexts({ KUBECONFIG: file })
        .contexts.map(({ cluster }) => cluster)
        .sort(),
    ).toEqual(names);
  });

  test("goes to the file that kubectl would write to", () => {
    const [first, second] = [path.join(folder, "a"), path.join(folder, "b")];
    expect(kubeconfigToWrite({ HOME: folder })).toBe(path.join(folder, ".kube", "config"));
    expect(kubeconfigToWrite({ KUBECONFIG: `${first}:${second}` })).toBe(second);
    writeFileSync(first, THEIRS);
    expect(kubeconfigToWrite({ KUBECONFIG: `${first}:${second}` })).toBe(first);
  });
});
