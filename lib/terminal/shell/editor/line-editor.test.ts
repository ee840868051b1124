import { Terminal } from "@xterm/headless";
import { expect, test } from "vitest";
import fc from "../../../../test/properties.ts";
import { KeyDecoder } from "./decode-keys.ts";
import { History } from "./history.ts";
import { type Completion, LineEditor } from "./line-editor.ts";

const PROMPT = "prod/shop $ ";

/** An editor on a terminal, driven by what the terminal's keyboard sends. */
function open({
  columns = 30,
  history = [] as string[],
  complete = async (_before: string): Promise<Completion> => ({ from: 0, candidates: [] }),
} = {}) {
  const terminal = new Terminal({ cols: columns, rows: 24, allowProposedApi: true });
  const decoder = new KeyDecoder();
  const lines: string[] = [];
  const editor = new LineEditor({
    write: (text) => terminal.write(text),
    ...{ history: new History(history), columns, prompt: () => `\x1b[1;36m${PROMPT}\x1b[0m`, complete },
  });
  editor.begin();
  return {
    ...{ terminal, lines, editor },
    async type(data: string | Uint8Array) {
      decoder.push(typeof data === "string" ? Buffer.from(data) : data);
      for (let key = decoder.next(); key; key = decoder.next()) {
        const event = await editor.key(key);
        if (event?.kind === "line") lines.push(event.text);
        if (event) editor.begin();
      }
    },
    /** The screen's rows, with the cursor's place. */
    async screen() {
      await new Promise<void>((resolve) => terminal.write("", resolve));
      const { active } = terminal.buffer;
      const rows = Array.from({ length: active.length }, (_, y) =>
        active.getLine(y)!.translateToString(true),
      );
      return { rows, cursor: { x: active.cursorX, y: active.baseY + active.cursorY } };
    },
  };
}

const textOf = (rows: string[]) => rows.join("").trimEnd();

test("edits within the line", async () => {
  const { type, lines } = open();
  await type("get pods\x1b[D\x1b[D\x1b[D\x1b[DX\x01kubectl \x05!\r");
  await type("one two three\x17\x17\x19\r");
  await type("abc def\x1bb\x0b\x19\x19\r");
  await type("abc\x15\x1b[200~pasted\r\nin two\x1b[201~\r");
  await type("ab\x7f\x7f\x7fc\x1b[H\x1b[3~d\r");
  expect(lines).toEqual(["kubectl get Xpods!", "one two ", "abc defdef", "pasted in two", "d"]);
});

test("takes characters that come in pieces, wide ones and combined ones", async () => {
  const { type, lines, screen } = open();
  for (const byte of Buffer.from("漢字é😀")) await type(Uint8Array.of(byte));
  const { rows, cursor } = await screen();
  expect(textOf(rows)).toBe(`${PROMPT}漢字é😀`);
  expect(cursor.x).toBe(PROMPT.length + 4 + 1 + 1);
  await type("\x1b[D\x7f\x1b[D\x7f!\r");
  expect(lines).toEqual(["!字😀"]);
});

test("goes through earlier lines and searches them", async () => {
  const { type, lines, screen } = open({ history: ["kubectl get pods", "kubectl get nodes", "help"] });
  await type("draft\x1b[A\x1b[A\x1b[B\x1b[B\r");
  await type("\x12get\x12\r");
  await type("\x12zzz");
  expect(textOf((await screen()).rows)).toContain('(nothing more "zzz")');
  await type("\x07\x1b[A\x1b[A\r");
  expect(lines).toEqual(["draft", "kubectl get pods", "kubectl get nodes"]);
});

test("completes as far as it is sure, then lists", async () => {
  const candidates = ["pods", "podtemplates", "poddisruptionbudgets"];
  const complete = async (before: string) => {
    const from = before.lastIndexOf(" ") + 1;
    return { from, candidates: candidates.filter((name) => name.startsWith(before.slice(from))) };
  };
  const { type, lines, screen } = open({ complete });
  await type("get p\t");
  expect(textOf((await screen()).rows)).toBe(`${PROMPT}get pod`);
  await type("\t\t");
  const { rows } = await screen();
  expect(rows.join("\n")).toContain("poddisruptionbudgets");
  await type("t\t\r");
  expect(lines).toEqual(["get podtemplates "]);
});

test("keeps to a line, and within bounds", async () => {
  const { type, lines } = open();
  await type(`${"x".repeat(20_000)}\r`);
  await type("a\x1b[999;999Hb\x1b[200~c\x00\x1b]0;title\x07d\x1b[201~\r");
  expect(lines[0]).toBe("");
  expect(lines[1]).toBe("abc]0;titled");
});

test.each([1000, 65_536])("runs nothing of a paste that is too long, in pieces of %i", async (size) => {
  const { type, lines } = open();
  const paste = `before\x1b[200~${"kubectl delete ns x\r".repeat(20_000)}\x1b[201~after\r`;
  for (let at = 0; at < paste.length; at += size) await type(paste.slice(at, at + size));
  expect(lines).toEqual(["beforeafter"]);
});

test("lets no line grow by what is yanked, completed or searched for", async () => {
  const name = "n".repeat(250);
  const { type, lines } = open({ complete: async (before) => ({ from: before.length, candidates: [name] }) });
  const longest = 16 * 1024;
  await type("x".repeat(longest));
  for (let doubled = 0; doubled < 16; doubled++) await type("\x15\x19\x19");
  await type("\r");
  for (let completed = 0; completed < 80; completed++) await type("\t");
  await type("\r");
  await type(`\x12${"x".repeat(longest)}${"x".repeat(longest)}`);
  await type("\x07found\r");
  expect(lines[0]).toBe("x".repeat(longest));
  expect(lines[1]).toBe(`${name} `.repeat(Math.floor(longest / 251)));
  expect(lines[2]).toBe("found");
});

// Whatever is typed: the screen has prompt and line, and the cursor stands where the next character will be.
test("draws what it has, over the rows that it takes", async () => {
  const key = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom("a", "bc ", "漢", "é", "😀", "--flag=value", "0123456789") },
    {
      weight: 2,
      arbitrary: fc.constantFrom("\x1b[D", "\x1b[C", "\x1b[H", "\x1b[F", "\x7f", "\x1b[3~", "\x1bb", "\x1bf"),
    },
    { weight: 1, arbitrary: fc.constantFrom("\x17", "\x0b", "\x15", "\x19", "\x0c") },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(key, { maxLength: 40 }),
      fc.integer({ min: 16, max: 40 }),
      async (keys, columns) => {
        const { type, screen, lines } = open({ columns });
        for (const each of keys) await type(each);
        const before = await screen();
        await type("|");
        const after = await screen();
        const at = after.rows.join("").length === 0 ? -1 : after.rows[before.cursor.y]?.indexOf("|");
        await type("\r");
        const { rows } = await screen();
        const [line = ""] = lines;
        // A wide character that does not fit leaves the last column empty.
        const plain = (text: string) => text.replaceAll(/\s/g, "");
        expect(plain(rows.slice(0, -1).join(""))).toContain(plain(PROMPT + line));
        const isWideNext = before.cursor.x === columns - 1 && at === -1;
        if (!isWideNext) expect(at).toBeGreaterThanOrEqual(0);
      },
    ),
    { numRuns: 150 },
  );
});
