import { SecurityView } from "../../../lib/identity/second-factor/schema.ts";
import { requestJson } from "../request-json.ts";
import { askForFactor } from "./ask-factor.ts";

/** Longer than it takes to begin what is about to be done. */
const MARGIN_MS = 10_000;

/** Before what the browser does by itself, such as a download: asks for a second factor where one is demanded. Answers whether to go on. */
export async function ensureFactor(use: SecurityView["requiredFor"][number]): Promise<boolean> {
  const { requiredFor, countsUntil } = await requestJson("/api/v1/me/security", SecurityView);
  if (!requiredFor.includes(use)) return true;
  const isShown = countsUntil !== null && Date.parse(countsUntil) > Date.now() + MARGIN_MS;
  return isShown || askForFactor();
}
