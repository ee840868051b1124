import { z } from "zod";
import { ProviderId } from "../../names/schema.ts";
import { GrantView } from "../grants/schema.ts";

const text = (most: number, takes: string) => z.string(takes).max(most, `takes at most ${most} characters`);
const name = (takes: string) => text(253, takes).default("");
const moment = z.iso.datetime({ offset: true, error: "takes a time such as 2026-12-31T18:00:00Z" });

/** One call that is not made: who, what, where, and under which circumstances. */
export const SimulateInput = z
  .strictObject({
    subjectKind: z.enum(["user", "application"], "takes user or application").default("user"),
    /** A person's e-mail address or id, an application's name or id; null for oneself. */
    subject: text(254, "takes an e-mail address, or the name of an application")
      .min(1, "takes an e-mail address, or the name of an application")
      .nullable()
      .default(null),
    /** Of a person: the id of the identity provider that they are of; null where the subject says enough. */
    subjectProvider: ProviderId.nullable().default(null),
    /** A cluster's name or id. */
    cluster: text(254, "takes a cluster's name or id").min(1, "takes a cluster's name or id"),
    /** kube-apiserver's: get, list, create; in lower case. */
    verb: text(63, "takes a verb such as get, list or delete").regex(
      /^[a-z*]+$/,
      "takes a verb such as get, list or delete",
    ),
    /** `""` is the core group. */
    apiGroup: name("takes an API group such as apps; nothing for the core group"),
    /** `pods`, `pods/exec`; nothing where `path` is given. */
    resource: name("takes a resource such as pods or pods/exec"),
    /** `""`: every namespace, or what has none. */
    namespace: name("takes the name of a namespace"),
    /** Of the object; `""`: none. */
    name: name("takes an object's name"),
    /** Of a request that is for no resource: `/metrics`. */
    path: text(2048, "takes a path such as /metrics").default(""),
    /** `--as`. */
    as: text(1024, "takes a Kubernetes user").min(1, "takes a Kubernetes user").nullable().default(null),
    /** `--as-group`. */
    asGroups: z
      .array(text(1024, "takes a Kubernetes group").min(1))
      .max(64, "takes at most 64 groups")
      .default([]),
    /** The client's; null where it is not known. */
    clientAddress: z.union([z.ipv4(), z.ipv6()], "takes an IPv4 or IPv6 address").nullable().default(null),
    /** When the call is made; null for now. */
    at: moment.nullable().default(null),
    accessMethod: z.enum(["CLI", "Browser"], "takes CLI or Browser").default("CLI"),
    /** When the caller showed a second factor last; null where they did not. */
    secondFactorAt: moment.nullable().default(null),
  })
  .refine(({ resource, path }) => (resource === "") !== (path === ""), {
    path: ["resource"],
    message: "takes a resource such as pods, or leave it empty and give a path",
  })
  .refine(({ path }) => path === "" || path.startsWith("/"), {
    path: ["path"],
    message: "takes a path that begins with /",
  })
  .refine(({ as, asGroups }) => as !== null || asGroups.length === 0, {
    path: ["as"],
    message: "takes a Kubernetes user wherever asGroups has any",
  });
export type SimulateInput = z.infer<typeof SimulateInput>;

/**
 * What one grant says of a call: `decides`, it allows it and the call is made by it; `allows`, it would allow it too; `denies`, one of its
 * deny rules refuses it whatever others allow; `silent`, neither.
 */
export const GrantOutcome = z.enum(["decides", "allows", "denies", "silent"]);

export const GrantTrace = z.object({
  grant: GrantView,
  outcome: GrantOutcome,
  /** The rule that says so, the first being 1, with what it says; null where none does. */
  rule: z.object({ number: z.int(), text: z.string() }).nullable(),
  /** Why, in words; of a silent grant everything that stands against it. */
  why: z.array(z.string()),
});
export type GrantTrace = z.infer<typeof GrantTrace>;

export const Simulation = z.object({
  allowed: z.boolean(),
  /** One sentence: what the client would be told where it is refused, or what allows it. */
  verdict: z.string(),
  /** Who it was asked of, as they are known now. */
  subject: z.object({
    kind: z.enum(["user", "application"]),
    id: z.uuid(),
    name: z.string(),
    groups: z.array(z.string()),
  }),
  cluster: z.object({ id: z.uuid(), name: z.string() }),
  /** As whom the call would be made in the cluster; null where it would not be. */
  impersonate: z
    .object({
      user: z.string(),
      groups: z.array(z.string()),
      extra: z.record(z.string(), z.array(z.string())),
    })
    .nullable(),
  /** Until when this stands if nothing but time passes; null: until somebody changes something. */
  until: z.iso.datetime().nullable(),
  /** Each grant of theirs that counts, or did until lately: those that say something first. */
  grants: z.array(GrantTrace),
  /** Grants that were decided by but are not explained one by one. */
  unexplained: z.int(),
  /** What else stands in the way, or could not be known. */
  notes: z.array(z.string()),
});
export type Simulation = z.infer<typeof Simulation>;
