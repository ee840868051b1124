import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { runAgent } from "../agent.ts";
import { Counters } from "../health/counters.ts";
import { createLog } from "../log.ts";
import type { Environment } from "../settings/environment.ts";
import { readSettings } from "../settings/settings.ts";

/** An agent in this process, told what it is told by the variables of its environment. */
export interface TestAgent {
  /** Its log, one line after the other. */
  readonly lines: string[];
  readonly counters: Counters;
  /** Resolves when it has ended; rejects with why it cannot go on. */
  readonly ended: Promise<void>;
  /** Asks it to end, and waits. */
  stop(): Promise<void>;
}

export function startAgent(environment: Environment): TestAgent {
  const lines: string[] = [];
  const stop = new AbortController();
  const settings = readSettings({ KUBEWITNESS_AGENT_LISTEN: "127.0.0.1:0", ...environment });
  const counters = new Counters();
  const log = createLog((line) => lines.push(line));
  const ended = runAgent(settings, { log, stop: stop.signal, counters });
  ended.catch(() => undefined);
  return {
    ...{ lines, ended, counters },
    async stop() {
      stop.abort();
      await ended.catch(() => undefined);
    },
  };
}

/** A folder for an agent's state; `remove` it at the end. */
export function stateFolder(): { path: string; remove(): Promise<void> } {
  const folder = mkdtempSync(path.join(tmpdir(), "kubewitness-agent-"));
  return { path: folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
