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
