import type { Metadata } from "next";
import { Suspense } from "react";
import { config } from "../../../../lib/config.ts";
import { MessagePanel } from "../../../components/message-panel.tsx";
import { Page } from "../../../components/shell/page-frame.tsx";
import { requireViewer } from "../../../components/shell/require-viewer.ts";
import { WebShell } from "./web-shell.tsx";

export const metadata: Metadata = { title: "Web shell" };

export default async function ShellPage() {
  await requireViewer();
  if (!config().webShell.enabled) {
    return (
      <Page path={["Access"]} title="Web shell">
        <MessagePanel title="The web shell is off">
          An administrator can turn it on with the setting webShell.enabled. kubectl on your own machine works
          with a kubeconfig from My access.
        </MessagePanel>
      </Page>
    );
  }
  return (
    <Suspense>
      <WebShell />
    </Suspense>
  );
}
