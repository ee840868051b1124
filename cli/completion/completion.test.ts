import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type IPty, spawn } from "@lydell/node-pty";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { entryOf } from "../kubeconfig/entries.ts";
import { mergeKubeconfig } from "../kubeconfig/merge.ts";
import { createMachine, type Machine } from "../testing/run-cli.ts";

// Real shells with real terminals: what a person sees who presses the tab key.

const SHELLS = [
  { name: "bash", start: ["--norc", "--noprofile", "-i"], load: "source <(kubewitness completion bash)" },
  {
    name: "zsh",
    start: ["-f", "-i"],
    load: "autoload -Uz compinit; compinit -D -u; source <(kubewitness completion zsh)",
  },
  { name: "fish", start: ["--no-config", "-i"], load: "kubewitness completion fish | source" },
];
const isHere = (shell: string) => spawnSync(shell, ["--version"]).status === 0;

let machine: Machine;
let terminal: IPty | undefined;
beforeAll(async () => {
  machine = await createMachine();
  const program = path.join(machine.home, "kubewitness");
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${machine.program}' "$@"\n`);
  chmodSync(program, 0o755);
  const gateway = { server: "https://audit.example.com:8443", certificateAuthority: null };
  const byName = { command: "kubewitness", arguments: [] };
  const entries = ["prod", "staging"].map((cluster) =>
    entryOf(gateway, { cluster, profile: "main", program: byName }),
  );
  writeFileSync(
    path.join(machine.home, "kube"),
    mergeKubeconfig({ file: "kube", text: null }, entries, null),
  );
  writeFileSync(path.join(machine.home, "a file.csv"), "");
});
afterEach(() => {
  terminal?.kill();
  terminal = undefined;
});
afterAll(() => machine.remove());

function open(shell: (typeof SHELLS)[number]) {
  let shown = "";
  const { home, env } = machine;
  const opened = spawn(shell.name, shell.start, {
    cwd: home,
    cols: 200,
    rows: 50,
    env: {
      ...env,
      PATH: `${home}:${env.PATH}`,
      KUBECONFIG: path.join(home, "kube"),
      PS1: "> ",
      TERM: "xterm",
    },
  });
  opened.onData((data) => {
    shown += data;
  });
  terminal = opened;
  const type = (text: string) => {
    shown = "";
    opened.write(text);
  };
  const untilShown = (text: string | RegExp) =>
    expect.poll(() => plain(shown), { timeout: 20_000 }).toMatch(text);
  return { type, untilShown };
}

/** Without what moves the cursor and colours. */
const plain = (text: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  text.replace(/\u001b(\[[\d;?>=]*[a-zA-Z]|\][^\u0007]*\u0007|[()].|[=>78])/g, "").replace(/.\u0008/g, "");

describe.each(SHELLS)("$name", (shell) => {
  test.skipIf(!isHere(shell.name))(
    `completes commands, options, their values, contexts and files${isHere(shell.name) ? "" : " (not installed here)"}`,
    async () => {
      const { type, untilShown } = open(shell);
      // The answer is made of what the line does not have: shells echo what is typed.
      type(`${shell.load}; echo "loaded" | tr a-z A-Z\r`);
      await untilShown("LOADED");
      const completes = async (typed: string, completed: RegExp) => {
        type(`${typed}\t`);
        await untilShown(completed);
        type("\u0015");
      };
      await completes("kubewitness comp", /kubewitness completion /);
      await completes("kubewitness audit ex", /kubewitness audit export /);
      await completes("kubewitness clusters --pro", /kubewitness clusters --profile ?/);
      await completes("kubewitness audit search --record ev", /--record events ?/);
      await completes("kubewitness can-i --context st", /--context staging@main ?/);
      await completes("kubewitness can-i get dae", /can-i get daemonsets ?/);
      await completes("kubewitness audit export --file a", /--file ['"]?a\\? file\.csv/);
    },
    60_000,
  );
});

test("a press of the key fails in nobody's face, whatever is typed", async () => {
  for (const words of [
    [""],
    ["--"],
    ["nonsense", ""],
    ["can-i", "get", "pods", "--cluster", ""],
    ["audit", "search", "--record="],
  ]) {
    const { code, stderr } = await machine.run(["__complete", ...words]);
    expect({ code, stderr }, words.join(" ")).toEqual({ code: 0, stderr: "" });
  }
});
