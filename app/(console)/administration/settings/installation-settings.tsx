"use client";

import { useQuery } from "@tanstack/react-query";
import { SettingList, type SettingView } from "../../../../lib/settings/schema.ts";
import { FailedRows, LoadingRows } from "../../../components/audit/table-states.tsx";
import { requestJson } from "../../../components/request-json.ts";

const GROUPS: readonly { title: string; has: (name: string) => boolean }[] = [
  { title: "The record", has: (name) => name.startsWith("audit.") },
  { title: "Sign-in", has: (name) => /^(oidc\.|auth\.|tokens\.|providers$)/.test(name) },
  { title: "Network", has: (name) => /^(trustedProxies|clusters\.)/.test(name) },
  { title: "Pod session recordings", has: (name) => name.startsWith("recordings.") },
  { title: "The web shell", has: (name) => name.startsWith("webShell.") },
  { title: "This gateway", has: () => true },
];

/** What the gateway runs with. It is set by config.yaml and the environment, where the gateway is started. */
export function InstallationSettings() {
  const { data, error, refetch } = useQuery({
    queryKey: ["/api/v1/settings"],
    queryFn: ({ signal }) => requestJson("/api/v1/settings", SettingList, { signal }),
  });
  return (
    <>
      <section className="page-section" aria-labelledby="installation">
        <header>
          <h2 id="installation">Installation</h2>
          <p>set by config.yaml and the environment where the gateway is started; read-only here</p>
        </header>
        {error ? (
          <FailedRows error={error} noun={{ many: "settings" }} onRetry={() => void refetch()} />
        ) : null}
        {data || error ? null : <LoadingRows />}
      </section>
      {data ? grouped(data.settings).map((group) => <SettingGroup key={group.title} {...group} />) : null}
    </>
  );
}

function SettingGroup({ title, settings }: { title: string; settings: readonly SettingView[] }) {
  return (
    <section aria-label={title}>
      <h3 className="settings-group">{title}</h3>
      <dl className="settings">
        {settings.map(({ name, variable, value, meaning }) => (
          <div key={name}>
            <dt title={`Environment variable ${variable}`}>
              <span className="identifier">{name}</span>
              <span>{plain(meaning)}</span>
            </dt>
            <dd className={value === null ? "text-fg-3" : "break-words"}>{value ?? "Not set"}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function grouped(settings: readonly SettingView[]) {
  const groupOf = ({ name }: SettingView) => GROUPS.find(({ has }) => has(name));
  return GROUPS.map((group) => ({
    title: group.title,
    settings: settings.filter((setting) => groupOf(setting) === group),
  }));
}

/** The documentation's words, without its marks. */
const plain = (meaning: string) => meaning.replaceAll("`", "");
