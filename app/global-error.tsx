"use client";

import "./globals.css";
import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import { MessagePanel } from "./components/message-panel.tsx";
import { ReloadButton } from "./components/reload-button.tsx";
import { PlainFrame } from "./components/shell/plain-frame.tsx";

/** The last resort: the frame itself could not be made. */
export default function GlobalError() {
  return (
    <html lang="en" className={`${GeistSans.variable} ${GeistMono.variable}`}>
      <body>
        <PlainFrame title="Error">
          <MessagePanel role="alert" title="The console could not be shown" actions={<ReloadButton />}>
            The server’s log says what went wrong here.
          </MessagePanel>
        </PlainFrame>
      </body>
    </html>
  );
}
