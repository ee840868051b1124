import { log } from "../../log.ts";
import { ProviderUnreachable } from "../providers/provider/identity-provider.ts";

/** What a provider answers to begin a sign-in; null where it does not answer: that is one button's trouble. */
export async function unlessUnreachable<T>(provider: string, ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ProviderUnreachable)) throw error;
    log.warn({ err: error, provider }, "a sign-in could not begin");
    return null;
  }
}
