"use client";

import { Page } from "../../../components/shell/page-frame.tsx";
import { OwnLogins } from "./own-logins.tsx";
import { OwnSessions } from "./own-sessions.tsx";
import { OwnTokens } from "./own-tokens.tsx";

/** With what one proves oneself: the browsers and command lines that one is signed in with, and one's tokens. */
export function MySessionsAndTokens({
  longestTokenMs,
  idleMs,
  lifetimeMs,
}: {
  longestTokenMs: number;
  idleMs: number;
  lifetimeMs: number;
}) {
  return (
    <Page path={["Access"]} title="My sessions and tokens">
      <OwnSessions idleMs={idleMs} lifetimeMs={lifetimeMs} />
      <OwnLogins />
      <OwnTokens longestMs={longestTokenMs} />
    </Page>
  );
}
