"use client";

import { useQuery } from "@tanstack/react-query";
import { SettingList, type SettingView } from "../../../../lib/settings/schema.ts";
import { FailedRows, LoadingRows } from "../../../components/audit/table-states.tsx";
import { requestJson } from "../../../components/request-json.ts";
import { useViewer } from "../../../components/shell/viewer.tsx";
import { SettingRow } from "./setting-row.tsx";
import { SETTINGS_QUERY_KEY } from "./use-change-settings.tsx";

const GROUPS: readonly { title: string; has: (name: string) => boolean }[] = [
  { title: "The record", has: (name) => name.startsWith("audit.") },
  {
    title: "Sign-in",
    has: (name) => /^(oidc|auth|tokens|sessions|secondFactor|local)\.|^providers$/.test(name),
  },
  { title: "Network", has: (name) => /^(trustedProxies|clusters\.)/.test(name) },
  { title: "Pod session recordings", has: (name) => name.startsWith("recordings.") },
  { title: "The web shell", has: (name) => name.startsWith("webShell.") },
  { title: "The console", has: (name) => name.startsWith("console.") },
  { title: "This gateway", has: () => true },
];

/** What the gateway runs with. What neither the environment nor the file sets, an administrator may change here, as far as it can change while it runs. */
export function InstallationSettings() {
  const { data, error, refetch } = useQuery({
    queryKey: SETTINGS_QUERY_KEY,
    queryFn: ({ signal }) => requestJson("/api/v1/settings", SettingList, { signal }),
  });
  const mayChange = useViewer().permissions.includes("settings:write");
  return (
    <>
      <section className="page-section" aria-labelledby="installation">
        <header>
          <h2 id="installation">Installation</h2>
          <p>
            {mayChange
              ? "what the environment or config.yaml sets is changed there, and counts before what is set here"
              : "set by administrators, config.yaml and the environment; read-only here"}
          </p>
        </header>
        {error ? (
          <FailedRows error={error} noun={{ many: "settings" }} onRetry={() => void refetch()} />
        ) : null}
        {data || error ? null : <LoadingRows />}
      </section>
      {data
        ? grouped(data.settings).map((group) => (
            <SettingGroup key={group.title} {...group} mayChange={mayChange} />
          ))
        : null}
    </>
  );
}

function SettingGroup({
  title,
  settings,
  mayChange,
}: {
  title: string;
  settings: readonly SettingView[];
  mayChange: boolean;
}) {
  return (
    <section aria-label={title}>
      <h3 className="settings-group">{title}</h3>
      <dl className="settings">
        {settings.map((setting) => (
          <SettingRow key={setting.name} setting={setting} mayChange={mayChange} />
        ))}
      </dl>
    </section>
  );
}

/** What can be changed comes first. */
function grouped(settings: readonly SettingView[]) {
  const groupOf = ({ name }: SettingView) => GROUPS.find(({ has }) => has(name));
  return GROUPS.map((group) => ({
    title: group.title,
    settings: settings
      .filter((setting) => groupOf(setting) === group)
      .sort((a, b) => Number(b.changeable) - Number(a.changeable)),
  })).filter((group) => group.settings.length > 0);
}
