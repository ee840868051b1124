import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Terminal } from "@xterm/headless";
import { type SandboxCluster, startSandboxCluster } from "kubewitness-sandbox/kubernetes";
import { testCertificates } from "../../../gateway/testing/certificates.ts";
import type { Isolation } from "../../isolation/isolation.ts";
import { openIsolation } from "../../isolation/open-isolation.ts";
import type { KubectlProgram } from "../../kubectl/program.ts";
import type { ShellHost } from "../host/shell-host.ts";
import { createShell, type Shell } from "../shell.ts";
import { type SeenCall, serveApiSocket } from "./api-socket.ts";

const TOKEN = "what-only-the-gateway-knows";
const DEADLINE_MS = 60_000;
/** Of this test process alone: another's kubectl with the same id would be found in the place of one of these, and count against their limits. */
export const FIRST_USER_ID = 50_000 + 1_000 * Number(process.env.VITEST_POOL_ID ?? 0);

/** A cluster, its socket, and shells at it. */
export interface ShellLab {
  folder: string;
  calls: SeenCall[];
  cluster: SandboxCluster;
  open(options: LabOptions): Promise<LabShell>;
  isolation(setting: "bubblewrap" | "uid" | "none", directoryBytes?: number): Promise<Isolation>;
  close(): Promise<void>;
}

export interface LabOptions {
  isolation: Isolation;
  kubectl: string;
  columns?: number;
  history?: string[];
  directoryBytes?: number;
}

/** A shell with the terminal that a person looks at. */
export interface LabShell {
  shell: Shell;
  terminal: Terminal;
  directory: string;
  /** What was put on the record. */
  commands: { line: string; exitCode: number | null }[];
  saved: string[];
  host: {
    edit: ShellHost["edit"];
    uploads: { name: string; path: string }[];
    downloads: { name: string; text: string }[];
    refuses: boolean;
    /** What an upload waits for instead. */
    upload?: Promise<null>;
    /** What holds the shell back; undefined: nothing. */
    room: Promise<void> | undefined;
    /** Bytes that were written to the terminal. */
    written: number;
  };
  type(text: string): void;
  /** Of the terminal and the shell. */
  resize(size: { columns: number; rows: number }): void;
  /** The text of the screen and what scrolled out of it. */
  screen(): Promise<string>;
  /** Resolves when the screen has it; fails with the screen after a minute. */
  shows(text: string | RegExp): Promise<string>;
  /** Types a line, waits for its end, returns what it showed. */
  run(line: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts a cluster of the sandbox and its socket. */
export async function startShellLab(): Promise<ShellLab> {
  const { certificate, key, ca } = await testCertificates();
  const folder = await mkdtemp(path.join(tmpdir(), "kubewitness-lab-"));
  await chmod(folder, 0o755);
  const cluster = await startSandboxCluster({
    tls: { cert: certificate, key },
    tokens: { [TOKEN]: { user: "alice@example.com", groups: ["system:masters"] } },
  });
  const apiSocket = path.join(folder, "api.sock");
  const api = await serveApiSocket(apiSocket, { url: cluster.url, ca, token: TOKEN });
  const isolations: Isolation[] = [];
  const shells: LabShell[] = [];
  return {
    ...{ folder, cluster, calls: api.calls },
    isolation: async (setting, directoryBytes = 8 * 2 ** 20) => {
      const dataFolder = path.join(folder, `data-${isolations.length}`);
      const found = await openIsolation({ setting, dataFolder, firstUserId: FIRST_USER_ID, directoryBytes });
      isolations.push(found);
      return found;
    },
    open: async (options) => {
      const shell = await openLabShell(apiSocket, options);
      shells.push(shell);
      return shell;
    },
    close: async () => {
      for (const shell of shells) await shell.close();
      for (const isolation of isolations) await isolation.close();
      await api.close();
      await cluster.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function openLabShell(apiSocket: string, options: LabOptions): Promise<LabShell> {
  const size = { columns: options.columns ?? 100, rows: 30 };
  const terminal = new Terminal({
    cols: size.columns,
    rows: size.rows,
    scrollback: 20_000,
    allowProposedApi: true,
  });
  const commands: LabShell["commands"] = [];
  const saved: string[] = [];
  const host: LabShell["host"] = {
    edit: async () => null,
    uploads: [],
    downloads: [],
    refuses: false,
    room: undefined,
    written: 0,
  };
  const directory = await options.isolation.makeDirectory();
  const kubectl: KubectlProgram = {
    state: () =>
      options.kubectl === ""
        ? { ready: false, reason: "kubectl is being fetched: try again in a moment." }
        : { ready: true, path: options.kubectl, version: "v0" },
    stop: () => undefined,
  };
  const shellHost: ShellHost = {
    apiSocket,
    write: (data) => {
      host.written += data.length;
      terminal.write(data);
    },
    room: () => host.room,
    commandStarted: async (line) => {
      if (host.refuses) throw new Error("the record takes nothing");
      commands.push({ line, exitCode: null });
      return { id: `${commands.length - 1}` };
    },
    commandEnded: async (id, { exitCode }) => {
      commands[Number(id)]!.exitCode = exitCode;
    },
    edit: (input) => host.edit(input),
    offerDownload: async (name, file) => {
      const { readFile } = await import("node:fs/promises");
      host.downloads.push({ name, text: await readFile(file, "utf8") });
    },
    askUpload: () => host.upload ?? Promise.resolve(host.uploads.shift() ?? null),
    saveHistory: (line) => saved.push(line),
  };
  const shell = createShell({
    ...{ host: shellHost, directory, cluster: "prod", person: "alice@example.com", namespace: "payments" },
    ...{
      history: options.history ?? [],
      size,
      kubectl,
      isolation: options.isolation,
      directoryBytes: options.directoryBytes ?? 8 * 2 ** 20,
    },
  });
  const screen = () => readScreen(terminal);
  const shows = async (wanted: string | RegExp) => {
    const deadline = Date.now() + DEADLINE_MS;
    for (;;) {
      const text = await screen();
      if (typeof wanted === "string" ? text.includes(wanted) : wanted.test(text)) return text;
      if (Date.now() > deadline) throw new Error(`the screen never had ${wanted}:\n${text}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const type = (text: string) => shell.input(Buffer.from(text));
  const lab: LabShell = {
    ...{ shell, terminal, directory, commands, saved, host, type, screen, shows },
    resize: ({ columns, rows }) => {
      terminal.resize(columns, rows);
      shell.resize({ columns, rows });
    },
    run: async (line) => {
      const count = commands.length;
      const before = (await shows(PROMPT)).length;
      type(`${line}\r`);
      const deadline = Date.now() + DEADLINE_MS;
      while (commands[count]?.exitCode == null) {
        if (Date.now() > deadline) throw new Error(`${line} never ended:\n${await screen()}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      const text = await shows(PROMPT);
      return text.slice(before).replace(/^.*\n/, "").replace(PROMPT, "");
    },
    close: () => shell.close(),
  };
  await shows(PROMPT);
  return lab;
}

/** The last line of the screen is an empty prompt. */
const PROMPT = /(?:^|\n)prod\/[a-z0-9-]+ \$ ?$/;

async function readScreen(terminal: Terminal): Promise<string> {
  await new Promise<void>((resolve) => terminal.write("", resolve));
  const { active } = terminal.buffer;
  const lines: string[] = [];
  for (let y = 0; y < active.length; y++) {
    const line = active.getLine(y)!;
    const text = line.translateToString(true);
    if (line.isWrapped && lines.length > 0) lines.push(lines.pop()! + text);
    else lines.push(text);
  }
  return lines.join("\n").trimEnd();
}
