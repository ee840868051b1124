import { z } from "zod";

/** The path's `[id]`. */
export const IdParameter = z.strictObject({ id: z.uuid("takes an id (UUID)") });
