import { z } from "zod";

/** Asks the viewer for a second factor; answers whether one was shown. */
type Asker = () => Promise<boolean>;

let asker: Asker | null = null;
/** Several requests at once ask one question. */
let asking: Promise<boolean> | null = null;

/** Says who asks the viewer; answers how to take that back. */
export function answerFactorQuestions(next: Asker): () => void {
  asker = next;
  return () => {
    if (asker === next) asker = null;
  };
}

/** Asks the viewer now; answers whether one was shown. */
export function askForFactor(): Promise<boolean> {
  if (asker === null) return Promise.resolve(false);
  asking ??= asker().finally(() => {
    asking = null;
  });
  return asking;
}

const Demand = z.object({ code: z.literal("second_factor_required") });

/** Where an answer demands a second factor, asks the viewer for it: true where one was shown, and the request may be sent again. */
export async function showFactorIfDemanded(response: Response): Promise<boolean> {
  if (response.status !== 403) return false;
  const body = await response
    .clone()
    .json()
    .catch(() => null);
  return Demand.safeParse(body).success && askForFactor();
}
