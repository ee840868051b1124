import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { requirePermission } from "../access/permission.ts";
import { recordEvent } from "../audit/events/record.ts";
import { recordIfRefused } from "../audit/events/refused.ts";
import { overlayConfig, writtenValue } from "../config/overlay.ts";
import { configAsStarted } from "../config.ts";
import { actorName, type Context } from "../context.ts";
import { inTransaction, type Transaction } from "../db/client.ts";
import { database } from "../db/connection.ts";
import { announceSettingsChange } from "./announce.ts";
import { checkChange, refuseStale } from "./check-change.ts";
import { listSettings } from "./data.ts";
import { reloadSettings } from "./refresh.ts";
import { ChangeSettingsInput, type SettingView } from "./schema.ts";
import { forgetSetting, holdStoredSettings, readWithin, type StoredSetting, storeSetting } from "./stored.ts";

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
  const entityName = namesOf(input.changes);
  const refusal = { action: "Update", entityType: "Settings", entityName } as const;
  await recordIfRefused(ctx, refusal, async () => {
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
      for (const change of changes) await store(tx, ctx, change);
      const after = await readWithin(tx);
      await announceSettingsChange(tx);
      for (const { name } of changes) await recordChange(tx, ctx, { name, reason, before: stored, after });
    });
  });
  await reloadSettings();
  return listSettings({ ctx });
}

function store(tx: Transaction, ctx: Context, { name, value }: Change): Promise<void> {
  if (value === null) return forgetSetting(tx, name);
  return storeSetting(tx, { name, value, changedBy: actorName(ctx) });
}

interface Recorded {
  name: string;
  reason: string | null;
  before: readonly StoredSetting[];
  after: readonly StoredSetting[];
}

async function recordChange(
  tx: Transaction,
  ctx: Context,
  { name, reason, before, after }: Recorded,
): Promise<void> {
  const values = [before, after].map((stored) => ({ value: valueWith(stored, name) }));
  if (isDeepStrictEqual(values[0], values[1])) return;
  await recordEvent(tx, ctx, {
    action: "Update",
    entityType: "Settings",
    entityId: name,
    entityName: name,
    before: values[0],
    after: reason ? { ...values[1], reason } : values[1],
  });
}

/** What is in effect with what is set, as config.yaml would have it. */
function valueWith(stored: readonly StoredSetting[], name: string): unknown {
  const changed = new Map(stored.map((one) => [one.name, one.value]));
  return writtenValue(overlayConfig(configAsStarted(), changed).config, name);
}

const MOST_NAMED = 5;

function namesOf(changes: readonly { name: string }[]): string {
  const more = changes.length - MOST_NAMED;
  const named = changes.slice(0, MOST_NAMED).map(({ name }) => name);
  return named.join(", ") + (more > 0 ? ` and ${more} more` : "");
}
