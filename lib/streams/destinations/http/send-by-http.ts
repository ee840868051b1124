import { describeFailure } from "../connection/describe-failure.ts";
import type { Outcome } from "../destination/outcome.ts";

/** Runs what asks a receiver; where it was not reached, the batch comes later. */
export async function sendByHttp(ask: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await ask();
  } catch (error) {
    return { is: "later", reason: describeFailure(error) };
  }
}
