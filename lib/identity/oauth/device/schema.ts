import { z } from "zod";

const userCode = z
  .string("takes the code that the device shows")
  .max(32, "takes the code that the device shows");

export const FindDevice = z.strictObject({ userCode });

/** A device that waits for an answer, as the person who typed its code sees it. */
export const WaitingDevice = z.object({
  name: z.string().meta({ description: "What the device calls itself. Nobody vouches for it." }),
  sourceIp: z.string().nullable().meta({ description: "The address that it asked from." }),
  sameAddress: z.boolean().meta({ description: "Whether that is the address of who asks now." }),
  userAgent: z.string().nullable(),
  scopes: z.array(z.string()).nullable().meta({ description: "null: for all that its owner may." }),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
export type WaitingDevice = z.infer<typeof WaitingDevice>;

export const AnswerDevice = z.strictObject({
  userCode,
  answer: z.enum(["approve", "refuse"], "takes approve or refuse"),
});
export type AnswerDevice = z.infer<typeof AnswerDevice>;

/** RFC 8628, section 3.2. */
export const DeviceAuthorization = z.object({
  device_code: z.string(),
  user_code: z.string(),
  verification_uri: z.url(),
  verification_uri_complete: z.url(),
  expires_in: z.int(),
  interval: z.int(),
});
export type DeviceAuthorization = z.infer<typeof DeviceAuthorization>;
