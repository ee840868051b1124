import { z } from "zod";

/** The four actions of the Event column; `Login` for every authentication, `View` for reads of audit data. */
export const EventAction = z.enum(["Create", "Update", "Delete", "Login", "View"]);
export type EventAction = z.infer<typeof EventAction>;

/** Finer than the action; equal to it where nothing finer is to be said. */
export const EventOperation = z.enum([
  "Create",
  "Update",
  "Delete",
  "Login",
  "Logout",
  "Revoke",
  "Enable",
  "Disable",
  "View",
  "Search",
  "Export",
  "Playback",
  "Restore",
  "Approve",
  "Refuse",
  "Withdraw",
  "Rotate",
  "Start",
  "End",
  "Join",
  "Connect",
  "Disconnect",
  "Pause",
  "Resume",
  "Replay",
]);
export type EventOperation = z.infer<typeof EventOperation>;

/** The kinds of objects that Event History speaks of. `KubernetesResource` entries come from calls through the gateway. */
export const ENTITY_TYPES = [
  "Project",
  "Department",
  "User",
  "Group",
  "Role",
  "Login",
  "Settings",
  "Applications",
  "NodePool",
  "Cluster",
  "AccessGrant",
  "ApiKey",
  "Webhook",
  "Mfa",
  "Session",
  "Provider",
  "AccessRequest",
  "TunnelAgent",
  "Stream",
  "Alert",
  "TerminalSession",
  "Recording",
  "Export",
  "SavedView",
  "RequestAudit",
  "EventHistory",
  "KubernetesResource",
] as const;
export const EntityType = z.enum(ENTITY_TYPES);
export type EntityType = z.infer<typeof EntityType>;

export const EventStatus = z.enum(["Succeeded", "Failed"]);
export type EventStatus = z.infer<typeof EventStatus>;

/** Kinds of actors by the words that Event History has for them. Whoever failed to sign in is a person whom nobody could name for sure. */
export const SOURCE_KINDS = {
  User: ["user", "anonymous"],
  Application: ["application"],
  System: ["system"],
} as const satisfies Record<string, readonly string[]>;
