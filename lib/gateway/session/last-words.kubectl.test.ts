import { spawn as spawnChild } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { type IPty, spawn as spawnTerminal } from "@lydell/node-pty";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { kubectlBinaries } from "../../../scripts/kubectl-binaries.ts";
import { type Kubectl, kubectlFor } from "../testing/kubectl.ts";
import { type KubectlLab, startKubectlLab } from "../testing/kubectl-lab.ts";
import { ALICE_TOKEN, ALICE_TOKEN_ID, aliceToken } from "../testing/test-gateway.ts";

const binaries = await kubectlBinaries();
const WORDS = "Kubewitness ended this session: access was revoked";
let lab: KubectlLab;
let kubectl: Kubectl;
let pod: string;

beforeAll(async () => {
  lab = await startKubectlLab();
  kubectl = await kubectlFor(lab.gateway.port);
  pod = await lab.aPod(binaries[0]!.path);
});
beforeEach(() => {
  lab.gateway.recorder.clear();
  lab.gateway.tokens.set(ALICE_TOKEN, aliceToken());
});
afterAll(async () => {
  await kubectl.close();
  await lab.close();
});

/** As everywhere that takes access away: the token counts no more, and that is told. */
function revoke(): void {
  lab.gateway.tokens.delete(ALICE_TOKEN);
  lab.gateway.revoke({ kind: "token", id: ALICE_TOKEN_ID });
}

/** kubectl in a terminal of its own. */
function openTerminal(binary: string, args: string[]) {
  const terminal: IPty = spawnTerminal(binary, args, { cols: 120, rows: 30, env: environment() });
  let text = "";
  terminal.onData((chunk) => {
    text += chunk;
  });
  const ended = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
  return { terminal, ended, output: () => text };
}

const environment = () => ({
  ...{ PATH: process.env.PATH ?? "", TERM: "xterm" },
  ...{ HOME: path.dirname(kubectl.config), KUBECONFIG: kubectl.config },
});

describe.each(binaries)("kubectl $version", ({ path: binary }) => {
  test("in a terminal shows why, in the session and as its error, and fails", async () => {
    const shell = openTerminal(binary, ["exec", "-it", pod, "--", "sh"]);
    shell.terminal.write("echo number $((40+2))\r");
    await expect.poll(shell.output, { timeout: 20_000 }).toContain("number 42");
    revoke();
    expect(await shell.ended).toBe(1);
    expect(shell.output()).toContain(`\r\n${WORDS}\r\n`);
    expect(shell.output()).toMatch(new RegExp(`\r\n(error|E\\d+.*): ${WORDS}`));
  });

  test("without one shows why on stderr, and nothing in what is piped on", async () => {
    const args = ["exec", pod, "--", "sh", "-c", "echo data; sleep 60"];
    const child = spawnChild(binary, args, {
      env: { ...environment(), NODE_ENV: "test" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    child.stderr.on("data", (chunk) => {
      err += chunk;
    });
    await expect.poll(() => out, { timeout: 20_000 }).toBe("data\n");
    revoke();
    const [code] = await once(child, "close");
    expect(code).toBe(1);
    expect(out).toBe("data\n");
    expect(err).toContain(`\n${WORDS}\n`);
  });
});
