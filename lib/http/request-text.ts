import { AppError } from "../errors.ts";

/**
 * The text of a request's body, measured as it comes: what is longer than `maxBytes` is neither held nor read to its end.
 * @throws AppError `payload_too_large`
 */
export async function readRequestText(request: Request, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      throw new AppError(
        "payload_too_large",
        `The body is larger than ${maxBytes / 1024} KB, which is the most that is taken here; send less.`,
      );
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
