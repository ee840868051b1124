import { createHash } from "node:crypto";
import { config } from "../../config.ts";

/** What is stored of a session's cookie (256 random bits): SHA-256, hex. */
export const hashSessionToken = (token: string) => createHash("sha256").update(token, "utf8").digest("hex");

/** How long one stays signed in at the most. */
export const sessionLifetimeSeconds = () => Math.floor(config().sessions.lifetimeMs / 1_000);

/** The session cookie's name: with https browsers take it from https alone. */
export const sessionCookieName = (publicUrl: string) =>
  `${publicUrl.startsWith("https://") ? "__Secure-" : ""}kubewitness.session`;
