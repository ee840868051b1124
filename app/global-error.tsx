"use client";

import "./globals.css";
import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import { MessagePanel } from "./components/message-panel.tsx";
import { ReloadButton } from "./components/reload-button.tsx";

/** The last resort: the frame itself could not be made. */
export default function GlobalError() {
  return (
    <html lang="en" className={`${GeistSans.variable} ${GeistMono.variable}`}>
      <body>
        <main className="grid min-h-dvh place-content-center">
          <MessagePanel role="alert" title="The console could not be shown" actions={<ReloadButton />}>
            The gateway goes on working and recording. The server’s log says what went wrong here.
          </MessagePanel>
        </main>
      </body>
    </html>
  );
}
