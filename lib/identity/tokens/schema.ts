import { z } from "zod";
import { ScopeList } from "../../access/key-scopes/schema.ts";
import { nameText } from "../../names/schema.ts";

const NETWORK = "takes an IP address or a CIDR range such as 10.0.0.0/8";

/** Addresses and ranges that a key counts from; empty: from everywhere. */
export const NetworkList = z
  .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], NETWORK), "takes a list of networks")
  .max(50, "takes at most 50 networks");

/** A bearer token as it is listed: never the token itself. */
export const AccessTokenView = z.object({
  id: z.uuid(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  revokedAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable(),
  /** The address of its last use. */
  lastUsedFrom: z.string().nullable(),
  /** What it may be used for; null: for all that its owner may. */
  scopes: z.array(z.string()).nullable(),
  /** The addresses and ranges that it counts from; empty: from everywhere. */
  networks: z.array(z.string()),
  /** The one cluster that it counts for, as it was called when the token was made; null: every one that its owner may reach. */
  cluster: z.string().nullable(),
  /** The token that it was made with, and ends with; null where it was made with none. */
  madeWith: z.uuid().nullable(),
});
export type AccessTokenView = z.infer<typeof AccessTokenView>;

/** A key and whose it is. */
export const ApiKeyView = AccessTokenView.extend({
  /** A person by their e-mail address, an application by its name. */
  owner: z.object({ kind: z.enum(["user", "application"]), id: z.string(), name: z.string() }),
});
export type ApiKeyView = z.infer<typeof ApiKeyView>;

export const IssueTokenInput = z.strictObject({
  name: nameText(100),
  /** Milliseconds; the longest that is permitted where it is left out. */
  lifetimeMs: z.int().positive("takes a length of time in milliseconds").optional(),
  /** Left out: as of the key that asks, else all that its owner may. */
  scopes: ScopeList.optional(),
  /** Left out: as of the key that asks, else from everywhere. */
  networks: NetworkList.optional(),
  /**
   * The name of the one cluster that it counts for: the port of the proxy serves that cluster to it without a prefix. Such a token has the scope
   * kubernetes alone.
   */
  cluster: z.string().min(1, "takes a cluster's name").max(63, "takes a cluster's name").optional(),
});
export type IssueTokenInput = z.infer<typeof IssueTokenInput>;

export const IssuedToken = AccessTokenView.extend({
  /** Shown once: only its hash is kept. */
  token: z.string(),
});
export type IssuedToken = z.infer<typeof IssuedToken>;
