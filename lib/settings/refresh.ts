import { changeConfig } from "../config.ts";
import { gatewayPool } from "../db/connection.ts";
import { type Fresh, keepFresh } from "../db/keep-fresh.ts";
import { log } from "../log.ts";
import { processState } from "../process-state.ts";
import { SETTINGS_CHANNEL } from "./announce.ts";
import { readSettingsFingerprint, readStoredSettings } from "./stored.ts";

const POLL_MS = 2_000;

const state = processState("settings/fresh", () => ({ fresh: null as Fresh | null }));

/**
 * Puts what administrators have set over this process's configuration, and keeps it so. Called at start, before anything reads a setting that may be
 * changed: without it a start would go by values that nobody wants any more, and fails where they cannot be read.
 */
export async function startSettings({ pollMs = POLL_MS } = {}): Promise<Fresh> {
  const fresh = await keepFresh({
    what: "settings",
    channel: SETTINGS_CHANNEL,
    pollMs,
    readFingerprint: () => readSettingsFingerprint(gatewayPool()),
    load: loadSettings,
  });
  state.fresh = fresh;
  return {
    ...fresh,
    stop: async () => {
      state.fresh = null;
      await fresh.stop();
    },
  };
}

/** Reads them now: whoever changed one finds it in effect with the answer. */
export async function reloadSettings(): Promise<void> {
  await (state.fresh ? state.fresh.reload() : loadSettings());
}

async function loadSettings(): Promise<void> {
  const stored = await readStoredSettings(gatewayPool());
  const { ignored } = changeConfig(new Map(stored.map(({ name, value }) => [name, value])));
  for (const { name, reason } of ignored) {
    log.error({ setting: name, reason }, "a setting in the database does not count: its value is not taken");
  }
}
