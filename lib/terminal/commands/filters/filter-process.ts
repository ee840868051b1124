import { LineRefusal } from "../../line/line-refusal.ts";
import type { FilterContext } from "./filter.ts";
import type { FilterStart, FromFilter, ToFilter } from "./filter-messages.ts";
import { FILTERS } from "./filters.ts";

const WRITE_AT_ONCE = 32 * 1024;

const { name, words } = JSON.parse(process.argv[2]!) as FilterStart;
const send = (message: FromFilter) => process.send!(message);

let answered: ((data: Uint8Array | null) => void) | null = null;
process.on("message", (message: ToFilter) => {
  if (message.kind === "ask-alive") send({ kind: "alive" });
  else answered?.(message.data);
});

function ask(message: FromFilter): Promise<Uint8Array | null> {
  return new Promise((resolve) => {
    answered = resolve;
    send(message);
  });
}

let held = "";
async function flush(): Promise<void> {
  const data = Buffer.from(held);
  held = "";
  // In pieces: whatever a filter makes, the gateway's process holds no more of it at once.
  for (let at = 0; at < data.length; at += WRITE_AT_ONCE)
    await ask({ kind: "write", data: data.subarray(at, at + WRITE_AT_ONCE) });
}

async function* read(names: string[]): AsyncGenerator<Buffer> {
  await ask({ kind: "read", names });
  for (;;) {
    // What follows sees what there is before more is waited for.
    await flush();
    const data = await ask({ kind: "pull" });
    if (data === null) return;
    yield Buffer.from(data);
  }
}

const context: FilterContext = {
  words,
  read,
  write: async (text) => {
    held += text;
    if (held.length >= WRITE_AT_ONCE) await flush();
  },
};

try {
  const exitCode = await FILTERS.get(name)!(context);
  await flush();
  send({ kind: "end", exitCode });
} catch (error) {
  if (!(error instanceof LineRefusal)) throw error;
  send({ kind: "refused", message: error.message });
}
process.disconnect();
