import { Prisma } from "../../prisma/generated/client.ts";
import { AppError } from "../errors.ts";

/** Turns a broken unique constraint into AppError `conflict`. */
export async function refuseDuplicate<T>(
  write: Promise<T>,
  { field, value }: { field: string; value: string },
): Promise<T> {
  try {
    return await write;
  } catch (cause) {
    if (!(cause instanceof Prisma.PrismaClientKnownRequestError) || cause.code !== "P2002") throw cause;
    const takes = "a value that is not taken";
    throw new AppError("conflict", `${field}: ${JSON.stringify(value)} is taken; choose another.`, {
      details: [{ field, got: value, takes }],
      cause,
    });
  }
}
