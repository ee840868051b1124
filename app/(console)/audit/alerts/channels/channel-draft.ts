import type { ChannelView, CreateChannelInput } from "../../../../../lib/alerts/channels/schema.ts";

export type ChannelKind = ChannelView["to"]["kind"];
type EmailTo = Extract<ChannelView["to"], { kind: "email" }>;

/** What the form holds: texts, as they are typed. */
export interface ChannelDraft {
  name: string;
  kind: ChannelKind;
  url: string;
  host: string;
  port: string;
  security: EmailTo["security"];
  user: string;
  /** Empty: the one that is kept. */
  password: string;
  from: string;
  to: string;
}

export function draftOf(channel: ChannelView | null): ChannelDraft {
  const to = channel?.to;
  const email = to?.kind === "email" ? to : null;
  return {
    name: channel?.name ?? "",
    kind: to?.kind ?? "webhook",
    url: to?.kind === "webhook" ? to.url : "",
    host: email?.host ?? "",
    port: String(email?.port ?? 587),
    security: email?.security ?? "starttls",
    user: email?.user ?? "",
    password: "",
    from: email?.from ?? "",
    to: email?.to.join(", ") ?? "",
  };
}

/** As the API takes it. */
export function destinationOf(draft: ChannelDraft): CreateChannelInput["to"] {
  const { kind, url, host, security, from } = draft;
  if (kind !== "email") return { kind, url };
  const to = draft.to.split(/[\s,;]+/).filter(Boolean);
  return {
    kind,
    host,
    port: Number(draft.port),
    security,
    from,
    to,
    ...(draft.user !== "" && { user: draft.user }),
    ...(draft.password !== "" && { password: draft.password }),
  };
}
