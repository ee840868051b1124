"use client";

import "./globals.css";
import { Button } from "./components/button.tsx";
import { MessagePanel } from "./components/message-panel.tsx";

/** The last resort: the frame itself could not be made. */
export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <main className="grid min-h-dvh place-content-center">
          <MessagePanel
            role="alert"
            title="The console could not be shown"
            actions={<Button onClick={reset}>Try again</Button>}
          >
            The gateway goes on working and recording. The server’s log says what went wrong here.
          </MessagePanel>
        </main>
      </body>
    </html>
  );
}
