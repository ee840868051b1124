/** A line with no end within this many bytes is taken in parts. */
const LONGEST_LINE = 64 * 1024;

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
