import { randomUUID } from "node:crypto";
import type { RecordedSession } from "../../recorded-session.ts";

/** A session of somebody's at a terminal, now, as tests need one. */
export function aSession(over: Partial<RecordedSession> = {}): RecordedSession {
  return {
    recordingId: randomUUID(),
    startedAt: Date.now(),
    actor: { kind: "user", id: randomUUID(), name: "Alice Example", email: "alice@example.com" },
    cluster: { id: randomUUID(), name: "prod", endpoint: "https://prod.example.com" },
    kind: "exec",
    namespace: "shop",
    pod: "web-1",
    container: "web",
    commandLine: "sh",
    tty: true,
    role: "developer",
    clientIp: "10.0.0.1",
    clientName: "kubectl/v1.36.0",
    accessMethod: "CLI",
    protocol: "v5.channel.k8s.io",
    callId: randomUUID(),
    sessionId: null,
    tokenId: null,
    inputRecorded: false,
    ...over,
  };
}
