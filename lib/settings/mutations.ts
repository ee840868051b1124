import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { requirePermission } from "../access/permission.ts";
import { recordEvent } from "../audit/events/record.ts";
import { recordingRefusal } from "../audit/events/record-refusal.ts";
import { overlayConfig, writtenValue } from "../config/overlay.ts";
import { configAsStarted } from "../config.ts";
import type { Context } from "../context.ts";
import { inTransaction, type Transaction } from "../db/client.ts";
import { database } from "../db/connection.ts";
import { announceSettingsChange } from "./announce.ts";
import { checkChange, refuseStale } from "./check-change.ts";
import { listSettings } from "./data.ts";
import { reloadSettings } from "./refresh.ts";
import { ChangeSettingsInput, type SettingView } from "./schema.ts";
import { forgetSetting, holdStoredSettings, type StoredSetting, storeSetting } from "./stored.ts";

type Change = z.output<typeof ChangeSettingsInput>["changes"][number];

/**
 * Sets settings while it runs, all of them or none; null gives one back to its default. They are in effect here with the answer, and in every
 * process of every replica within 2 s.
 * @throws AppError `invalid_argument` that names the setting: it is none, may not be changed here, is set by the environment or the file, or takes
 * something else; `conflict` where somebody else has changed it since the revision that comes along.
 */
export async function changeSettings({
  ctx,
  input,
}: {
  ctx: Context;
  input: ChangeSettingsInput;
}): Promise<SettingView[]> {
  const names = input.changes.map(({ name }) => name);
  const event = { action: "Update", entityType: "Settings", entityName: entityName(names) } as const;
  await recordingRefusal(ctx, event, async () => {
    requirePermission(ctx, "settings:write");
    const { changes, reason } = ChangeSettingsInput.parse(input);
    changes.forEach((change, index) => {
      checkChange(change, { index, changes });
    });
    await inTransaction(database(), async (tx) => {
      const stored = await holdStoredSettings(tx);
      changes.forEach((change, index) => {
        refuseStale(change, { index, stored });
      });
      const before = inWords(stored, names);
      for (const change of changes) await store(tx, ctx, change);
      const after = inWords(await holdStoredSettings(tx), names);
      if (isDeepStrictEqual(before, after)) return;
      await announceSettingsChange(tx);
      await recordEvent(tx, ctx, { ...event, before, after: reason ? { ...after, reason } : after });
    });
  });
  await reloadSettings();
  return listSettings({ ctx });
}

function store(tx: Transaction, ctx: Context, { name, value }: Change): Promise<void> {
  if (value === null) return forgetSetting(tx, name);
  return storeSetting(tx, { name, value, changedBy: authorOf(ctx) });
}

/** What would be in effect, as config.yaml would have it; of what nothing is set here, the default. */
function inWords(stored: readonly StoredSetting[], names: readonly string[]): Record<string, unknown> {
  const changed = new Map(stored.map(({ name, value }) => [name, value]));
  const { config: effective } = overlayConfig(configAsStarted(), changed);
  return Object.fromEntries(names.map((name) => [name, writtenValue(effective, name)]));
}

const authorOf = ({ actor }: Context): string | null =>
  actor.kind === "user" ? actor.email : actor.kind === "anonymous" ? null : actor.name;

const MOST_NAMED = 5;

function entityName(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return names.slice(0, MOST_NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
