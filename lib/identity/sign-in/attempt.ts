import { AsyncLocalStorage } from "node:async_hooks";
import type { Context } from "../../context.ts";

/** One request to the sign-in service: what its parts tell each other, since next-auth passes nothing through. */
export interface Attempt {
  ctx: Context;
  /** The `state` that the attempt goes by at the identity provider; null where the request is none of an attempt. */
  id: string | null;
  /** A path of this console. */
  returnPath: string;
  /** The session that the browser has at the start. */
  sessionToken: string | null;
  /** The address that is signing in, as far as it is known. */
  claimed: string | null;
  /** What went wrong, in the words of Event History. */
  failures: string[];
}

// next-auth keeps one logger for all requests: what it reports is told apart by the request that it runs in.
export const currentAttempt = new AsyncLocalStorage<Attempt>();

export function attempt(): Attempt {
  const running = currentAttempt.getStore();
  if (!running) throw new Error("a part of the sign-in runs outside its request");
  return running;
}
