import type { SessionView } from "../../lib/identity/sessions/schema.ts";

export const deviceOf = ({ device }: SessionView): string => device ?? "Browser";

/** From where a session was in use last, and where it was begun if that was elsewhere. */
export function addressOf({ sourceIp, lastSeenIp }: SessionView): string {
  const last = lastSeenIp ?? sourceIp ?? "address not known";
  return sourceIp === null || sourceIp === last ? last : `${last} (begun at ${sourceIp})`;
}

/** What a session is called where it is ended: device and address. */
export const sessionName = (session: SessionView): string => `${deviceOf(session)}, ${addressOf(session)}`;
