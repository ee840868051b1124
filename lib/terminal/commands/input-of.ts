import { privateName } from "../kubectl/private-name.ts";
import { LineRefusal } from "../line/line-refusal.ts";
import type { CommandContext } from "./command.ts";

/** What a helper reads: the named files of the private directory one after the other, else what comes by `|` or `<`. */
export async function* inputOf(
  context: CommandContext,
  names: string[],
  helper: string,
): AsyncGenerator<Buffer> {
  if (names.length === 0) {
    if (!context.input) throw new LineRefusal(`${helper} needs a file, or something that comes by |`);
    yield* context.input;
    return;
  }
  for (const given of names) {
    const file = await context.files.openToRead(privateName(given));
    try {
      for await (const chunk of file.createReadStream({ autoClose: false })) {
        if (context.signal.aborted) return;
        yield chunk as Buffer;
      }
    } finally {
      await file.close();
    }
  }
}

/** A line with no end within this many bytes is taken in parts. */
const LONGEST_LINE = 1024 * 1024;

/** The lines of an input, without their ends. */
export async function* linesOf(input: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let held = "";
  for await (const chunk of input) {
    held += decoder.decode(chunk, { stream: true });
    const lines = held.split("\n");
    held = lines.pop()!;
    yield* lines;
    if (held.length <= LONGEST_LINE) continue;
    yield held;
    held = "";
  }
  held += decoder.decode();
  if (held !== "") yield held;
}
