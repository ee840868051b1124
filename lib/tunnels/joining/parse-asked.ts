import type { z } from "zod";
import { AppError } from "../../errors.ts";

/** What an agent asks, as its schema takes it. @throws AppError `invalid_argument` that names the first field; its value may be a secret, and is not repeated. */
export function parseAsked<Schema extends z.ZodType>(schema: Schema, asked: unknown): z.output<Schema> {
  const parsed = schema.safeParse(asked);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.map(({ path, message }) => ({
    field: path.join(".") || "body",
    takes: message.replace(/^takes /, ""),
  }));
  const [first] = details;
  throw new AppError("invalid_argument", `${first?.field}: takes ${first?.takes}`, { details });
}
