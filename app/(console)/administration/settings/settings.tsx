"use client";

import { Page } from "../../../components/shell/page-frame.tsx";
import { InstallationSettings } from "./installation-settings.tsx";
import { PersonalSettings } from "./personal-settings.tsx";

/** One's own settings, and for those who may see it what the gateway runs with. */
export function Settings({ withInstallation }: { withInstallation: boolean }) {
  return (
    <Page path={["Administration"]} title="Settings">
      <PersonalSettings />
      {withInstallation ? <InstallationSettings /> : null}
    </Page>
  );
}
