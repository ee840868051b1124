import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createChangingRedactor } from "../../lib/audit/redaction/redact-text.ts";
import { type Config, config as currentConfig } from "../../lib/config.ts";
import type { GatewayDoor } from "../../lib/gateway/start.ts";
import type { RecordingStore } from "../../lib/recordings/store/recording-store.ts";
import { publishTerminals } from "../../lib/terminal/sessions/terminal-host.ts";
import type { TerminalServices } from "../../lib/terminal/sessions/terminal-services.ts";
import { Terminals } from "../../lib/terminal/sessions/terminals.ts";
import type { Responder } from "../listeners.ts";
import { openRelay } from "./relay.ts";
import { createTerminalSockets } from "./terminal-sockets.ts";

/** sockaddr_un has room for 104 bytes on macOS, and the terminals' sockets add 18 to the folder. */
const MOST_FOLDER_BYTES = 80;

export interface RunningTerminals {
  /** For the console's port. */
  sockets: Responder;
  /** Ends all, each with its words and its record. */
  drain(): Promise<void>;
}

/** The web shell's terminals in this process: `shells` runs them, `door` is where their calls go. */
export function startTerminals({
  config,
  door,
  recordings,
  shells,
}: {
  config: Config;
  door: GatewayDoor;
  recordings: RecordingStore;
  shells: Pick<TerminalServices, "makeDirectory" | "openShell">;
}): RunningTerminals {
  const folder = makeFolder(config.data);
  const terminals = new Terminals({
    ...shells,
    folder,
    recordings,
    redactor: createChangingRedactor(() => currentConfig().audit.redact.execArguments),
    openRelay: (socketPath, of) => openRelay(door, socketPath, of),
  });
  publishTerminals(terminals);
  return {
    sockets: createTerminalSockets({ ...config, terminals }),
    async drain() {
      publishTerminals(null);
      await terminals.drain();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A folder that nobody but this user can enter, empty: what a process that was killed has left there goes. */
function makeFolder(data: string): string {
  const kept = path.resolve(data, "terminals");
  if (Buffer.byteLength(kept) > MOST_FOLDER_BYTES)
    return mkdtempSync(path.join(tmpdir(), "kubewitness-terminals-"));
  rmSync(kept, { recursive: true, force: true });
  mkdirSync(kept, { recursive: true, mode: 0o700 });
  return kept;
}
