import { z } from "zod";
import { AppError } from "../../lib/errors.ts";
import { handle } from "./handle.ts";

/** Answers where the API has nothing, in the API's own shape: whoever asked reads JSON, not a page. */
export const answerNoSuchAddress = handle(
  { permission: null, query: z.looseObject({}) },
  async ({ request }) => {
    const { pathname } = new URL(request.url);
    throw new AppError(
      "not_found",
      `There is no ${request.method} ${pathname}; /docs/api lists what there is.`,
    );
  },
);
