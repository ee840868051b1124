import { Worker } from "node:worker_threads";
import { COMMITTED_CHANNEL, parseCommittedNotice } from "../../../audit/store/committed.ts";
import { type Config, config as currentConfig, onConfigChange } from "../../../config.ts";
import { subscribeNotifications } from "../../../db/notifications.ts";
import { log } from "../../../log.ts";
import { registerRenderMetrics } from "./metrics.ts";
import type { FromThread, ThreadData, ToThread } from "./thread-protocol.ts";

const RESTART_MS = 1_000;
/** Far more than a recording takes: what is rendered is written as it is made. */
const MOST_MEMORY_MB = 512;
/** How long a recording that is being prepared may hold up the end of the process: another takes it up when its lease is over. */
const STOP_MS = 5_000;

export interface RunningRendering {
  /** Ends after the recording at hand, or after 5 s. */
  stop(): Promise<void>;
}

type RenderingConfig = Pick<Config, "encryption" | "recordings">;

/** Starts the thread that prepares recordings for playback and search as they end, this process's share of them. */
export function startRendering(input: { config: RenderingConfig; databaseUrl: string }): RunningRendering {
  const thread = new RenderThread(input);
  const unfollow = onConfigChange(() => {
    const { execArguments } = currentConfig().audit.redact;
    thread.redactWith(execArguments);
  });
  const unsubscribe = subscribeNotifications(COMMITTED_CHANNEL, {
    onNotification: (payload) => {
      if (parseCommittedNotice(payload)?.stream === "recording") thread.post("wake");
    },
    onConnected: () => thread.post("wake"),
  });
  return {
    stop: () => {
      unsubscribe();
      unfollow();
      return thread.stop();
    },
  };
}

class RenderThread {
  readonly #data: ThreadData;
  readonly #metrics = registerRenderMetrics();
  readonly #ended = Promise.withResolvers<void>();
  #worker: Worker | null = null;
  #stopping = false;

  constructor({ config, databaseUrl }: { config: RenderingConfig; databaseUrl: string }) {
    this.#data = {
      databaseUrl,
      encryption: config.encryption,
      recordings: config.recordings,
      redactPatterns: currentConfig().audit.redact.execArguments,
    };
    this.#start();
  }

  /** From the next recording on. */
  redactWith(redactPatterns: readonly RegExp[]): void {
    this.#data.redactPatterns = redactPatterns;
    this.post({ redactPatterns });
  }

  post(message: ToThread): void {
    this.#worker?.postMessage(message);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (!this.#worker) return;
    this.post("stop");
    const timer = setTimeout(() => this.#ended.resolve(), STOP_MS);
    await this.#ended.promise;
    clearTimeout(timer);
    await this.#worker?.terminate();
  }

  #start(): void {
    const worker = new Worker(new URL("./thread.ts", import.meta.url), {
      workerData: this.#data,
      // Beyond, the thread ends alone, and not the process.
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB },
      name: "recording-playback",
    });
    worker.on("message", (message: FromThread) => this.#report(message));
    worker.on("error", (err) => log.error({ err }, "preparing recordings for playback broke off"));
    worker.on("exit", () => this.#exited());
    this.#worker = worker;
  }

  /** What it was at is another's, or its own again, when the lease is over. */
  #exited(): void {
    this.#worker = null;
    if (this.#stopping) this.#ended.resolve();
    else setTimeout(() => !this.#stopping && this.#start(), RESTART_MS).unref();
  }

  #report(message: FromThread): void {
    if (message.kind === "prepared") {
      const { recordingId, ms } = message;
      this.#metrics.prepared.inc();
      this.#metrics.seconds.inc(ms / 1_000);
      log.debug({ recordingId, ms }, "a recording is ready for playback");
    } else if (message.kind === "failed") {
      const { recordingId, attempts, message: reason } = message;
      this.#metrics.failures.inc();
      log.warn({ recordingId, attempts, reason }, "a recording could not be prepared for playback");
    } else if (message.kind === "unreachable") {
      log.warn({ reason: message.message }, "recordings wait to be prepared for playback");
    }
  }
}
