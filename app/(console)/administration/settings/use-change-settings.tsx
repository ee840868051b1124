"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { SettingList, type SettingValue, type SettingView } from "../../../../lib/settings/schema.ts";
import { BANNER_QUERY_KEY } from "../../../components/banner/live-banner.tsx";
import { RequestError } from "../../../components/request-error.ts";
import { sendJson } from "../../../components/request-json.ts";
import { showFailure, showUndoable } from "../../../components/toaster.tsx";

export const SETTINGS_QUERY_KEY = ["/api/v1/settings"];

/** Changes one setting, shows what is in effect then, and offers to undo it. Throws what the API says against it. */
export function useChangeSettings() {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);

  async function send({ name, revision }: SettingView, value: SettingValue): Promise<SettingView> {
    const body = { changes: [{ name, value, revision }] };
    try {
      const answer = await sendJson("/api/v1/settings", SettingList, "PATCH", body);
      client.setQueryData(SETTINGS_QUERY_KEY, answer);
      void client.invalidateQueries({ queryKey: BANNER_QUERY_KEY });
      return answer.settings.find((setting) => setting.name === name)!;
    } catch (error) {
      // The page shows what somebody else has made of it.
      if (error instanceof RequestError && error.status === 409)
        void client.invalidateQueries({ queryKey: SETTINGS_QUERY_KEY });
      throw error;
    }
  }

  async function undo(before: SettingView, after: SettingView) {
    try {
      await send(after, before.revision === 0 ? null : before.written);
    } catch (error) {
      showFailure(`${before.name} was not put back`, error instanceof Error ? error.message : "");
    }
  }

  async function change(setting: SettingView, value: SettingValue) {
    setBusy(true);
    try {
      const after = await send(setting, value);
      showUndoable(`${setting.name} is changed`, after.value ?? "Not set", () => void undo(setting, after));
    } finally {
      setBusy(false);
    }
  }
  return { change, busy };
}
