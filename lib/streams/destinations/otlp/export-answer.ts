import { z } from "zod";

/** `ExportLogsPartialSuccess` */
export interface PartialSuccess {
  rejected: number;
  message: string;
}

const Answer = z.object({
  partialSuccess: z
    .object({
      rejectedLogRecords: z.union([z.int(), z.string().regex(/^\d+$/)]).default(0),
      errorMessage: z.string().default(""),
    })
    .optional(),
});

/** What a receiver that answered with 200 did not take. @throws Error where it is no answer of OTLP. */
export function readJsonAnswer(body: Buffer): PartialSuccess {
  if (body.length === 0) return NOTHING;
  const { partialSuccess } = Answer.parse(JSON.parse(body.toString("utf8")));
  if (!partialSuccess) return NOTHING;
  return { rejected: Number(partialSuccess.rejectedLogRecords), message: partialSuccess.errorMessage };
}

const NOTHING: PartialSuccess = { rejected: 0, message: "" };

/** partial_success = 1 { rejected_log_records = 1, error_message = 2 }. @throws Error where it is no such message. */
export function readProtobufAnswer(body: Buffer): PartialSuccess {
  const partial = readFields(body).get(1);
  if (!Buffer.isBuffer(partial)) return NOTHING;
  const fields = readFields(partial);
  const [rejected, message] = [fields.get(1), fields.get(2)];
  return {
    rejected: typeof rejected === "number" ? rejected : 0,
    message: Buffer.isBuffer(message) ? message.toString("utf8") : "",
  };
}

/** The fields of a message that are whole numbers or have a length; the last of each number. */
function readFields(bytes: Buffer): Map<number, number | Buffer> {
  const fields = new Map<number, number | Buffer>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 64; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined) break;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    throw new Error("a message of Protocol Buffers is cut off");
  };
  while (at < bytes.length) {
    const tag = varint();
    const [field, wireType] = [Math.floor(tag / 8), tag % 8];
    if (wireType === 0) fields.set(field, varint());
    else if (wireType === 2) {
      const length = varint();
      if (at + length > bytes.length) throw new Error("a message of Protocol Buffers is cut off");
      fields.set(field, bytes.subarray(at, at + length));
      at += length;
    } else if (wireType === 1 || wireType === 5) at += wireType === 1 ? 8 : 4;
    else throw new Error("no message of Protocol Buffers");
  }
  return fields;
}
