import { LineRefusal } from "../../line/line-refusal.ts";
import { readOptions } from "../options.ts";
import type { Filter } from "./filter.ts";
import { applyFilter } from "./jq-language/apply-filter.ts";
import type { Json } from "./jq-language/jq-filter.ts";
import { readFilter } from "./jq-language/read-filter.ts";

const MOST_BYTES = 8 * 1024 * 1024;

export const jq: Filter = async (context) => {
  const { given, operands } = readOptions(context.words, "jq", "rc");
  const [text, ...names] = operands;
  if (text === undefined) throw new LineRefusal("jq needs a filter, e.g. jq '.items[].metadata.name'");
  const filter = readFilter(text);
  const value = await readJson(context.read(names));
  for (const result of applyFilter(filter, value)) {
    const isText = given.has("r") && typeof result === "string";
    await context.write(`${isText ? result : JSON.stringify(result, null, given.has("c") ? 0 : 2)}\n`);
  }
  return 0;
};

async function readJson(input: AsyncIterable<Buffer>): Promise<Json> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES)
      throw new LineRefusal(
        `jq takes at most ${MOST_BYTES / 2 ** 20} MiB: ask kubectl for less, e.g. with -l or -n`,
      );
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8")) as Json;
  } catch (error) {
    throw new LineRefusal(
      `jq got no JSON (${error instanceof Error ? error.message : error}): kubectl gives it with -o json`,
    );
  }
}
