"use client";

import { CopyButton } from "../components/copy-button.tsx";
import { MessagePanel } from "../components/message-panel.tsx";
import { ReloadButton } from "../components/reload-button.tsx";
import { Page } from "../components/shell/page-frame.tsx";

/** A page that could not be made. The digest finds the error in the server's log. */
export default function ConsoleError({ error }: { error: Error & { digest?: string } }) {
  return (
    <Page title="Error">
      <MessagePanel
        role="alert"
        title="This page could not be shown"
        actions={
          <>
            <ReloadButton />
            {error.digest ? (
              <CopyButton look="ghost" text={error.digest} label="Copy error id">
                Copy error id
              </CopyButton>
            ) : null}
          </>
        }
      >
        If it happens again, give the error id to whoever runs the gateway: the log says more.
      </MessagePanel>
    </Page>
  );
}
