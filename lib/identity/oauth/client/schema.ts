import { z } from "zod";
import { isSeen } from "../../../names/schema.ts";

/** The command line is a public client (RFC 6749, section 2.1): it keeps no secret, and proves by PKCE that it is the one that asked. */
export const COMMAND_LINE_CLIENT = "kubewitness-cli";

const LOOPBACK = /^http:\/\/(?:127\.0\.0\.1|\[::1\]):([1-9]\d{0,4})\/callback$/;
export const REDIRECT_TAKES = "takes http://127.0.0.1:PORT/callback or http://[::1]:PORT/callback";

/** Whether a code may be sent there: to a program on the machine of the browser (RFC 8252, section 7.3), at any port. To the letter: no name, no other path. */
export function isLoopbackRedirect(uri: string): boolean {
  const port = LOOPBACK.exec(uri)?.[1];
  return port !== undefined && Number(port) <= 65_535;
}

/** What a device calls itself. Nobody vouches for it. */
export const DeviceName = z
  .string("takes a name of at most 64 characters")
  .trim()
  .min(1, "takes a name of at most 64 characters")
  .max(64, "takes a name of at most 64 characters")
  .refine(isSeen, "takes a name without control characters");
