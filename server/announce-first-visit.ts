import { offerFirstVisit } from "../lib/identity/local/set-up/first-visit.ts";
import type { Offer } from "../lib/identity/local/set-up/offer.ts";
import { log } from "../lib/log.ts";

/** Writes the one-time code of the first visit into the log, where there may be one; null where there may not. */
export async function announceFirstVisit(): Promise<Offer | null> {
  const offer = await offerFirstVisit();
  if (offer) {
    const { url, expiresAt } = offer;
    log.warn(
      { url, expiresAt },
      "nobody is an administrator here yet: whoever opens this address first becomes one",
    );
  }
  return offer;
}
