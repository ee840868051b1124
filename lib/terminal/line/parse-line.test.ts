import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import fc from "../../../test/properties.ts";
import { LineRefusal } from "./line-refusal.ts";
import { parseLine } from "./parse-line.ts";

const empty = mkdtempSync(path.join(tmpdir(), "kubewitness-line-"));
afterAll(() => rmSync(empty, { recursive: true }));

/** What a real shell makes of the words of simple commands, a line each: one shell reads them all, as starting one takes longer than all lines do. */
function wordsOfShell(lines: readonly string[]): string[][] {
  const end = "the end of a line, which none has for a word";
  const out = execFileSync("/bin/sh", ["-s"], {
    cwd: empty,
    env: { PATH: "/nowhere" } as unknown as NodeJS.ProcessEnv,
    input: lines.map((line) => `printf '%s\\0' ${line}\nprintf '%s\\0' '${end}'\n`).join(""),
    stdio: ["pipe", "pipe", "pipe"],
  });
  const words = out.toString().split("\0").slice(0, -1);
  const ends = words.flatMap((word, index) => (word === end ? [index] : []));
  return ends.map((at, index) => words.slice(index === 0 ? 0 : ends[index - 1]! + 1, at));
}

const refusal = (line: string) => {
  try {
    parseLine(line);
  } catch (error) {
    if (error instanceof LineRefusal) return error.message;
    throw error;
  }
  return null;
};

test("reads words, quotes, pipes and files", () => {
  expect(parseLine("")).toEqual([]);
  expect(parseLine("  get pods  -n shop ")).toEqual([
    { words: ["get", "pods", "-n", "shop"], input: null, output: null },
  ]);
  expect(parseLine(`kubectl get po -o jsonpath='{.items[*].metadata.name}'|grep "we b" >>out`)).toEqual([
    {
      words: ["kubectl", "get", "po", "-o", "jsonpath={.items[*].metadata.name}"],
      input: null,
      output: null,
    },
    { words: ["grep", "we b"], input: null, output: { file: "out", append: true } },
  ]);
  expect(parseLine("apply -f - <in.yaml")).toEqual([
    { words: ["apply", "-f", "-"], input: "in.yaml", output: null },
  ]);
  expect(parseLine(`a "b\\"c\\\\d\\e" '' 漢字\\ 😀`)[0]?.words).toEqual(["a", 'b"c\\d\\e', "", "漢字 😀"]);
});

test.each([
  ["get pods; id", "; is not taken"],
  ["get pods && id", "&& is not taken"],
  ["get pods || id", "|| is not taken"],
  ["get pods &", "& is not taken"],
  ["get pods `id`", "` is not taken"],
  ["get pods $(id)", "$ is not taken"],
  ["get pods $HOME", "$ is not taken"],
  ['get pods "$HOME"', "$ is not taken in double quotes"],
  ['get pods "`id`"', "` is not taken in double quotes"],
  ["get pods *", "* ? and [ are not taken"],
  ["get po[d]s", "* ? and [ are not taken"],
  ["cat ~/x", "~ is not taken"],
  ["cat ~root", "~ is not taken"],
  ["get pods # all", "# begins a comment"],
  ["get pods 2>&1", "2> is not taken"],
  ["get pods 2> x", "2> is not taken"],
  ["get pods >& x", ">( >& and >| are not taken"],
  ["get pods &> x", "&> is not taken"],
  ["get pods >| x", ">( >& and >| are not taken"],
  ["diff <(get pods) x", "<( <& and <> are not taken"],
  ["apply -f - << EOF", "<< is not taken"],
  ["(get pods)", "( and ) are not taken"],
  ["KUBECONFIG=/x get pods", "KUBECONFIG=…: there are no variables here"],
  ["get pods |", "a program is missing at |"],
  ["| grep x", "a program is missing at |"],
  ["> x", "a program is missing before"],
  ["get pods >", "> needs the name of a file"],
  ["get pods > a > b", "> stands twice"],
  ["get pods > a | grep b", "> belongs to the last program"],
  ["get pods | grep b < a", "< belongs to the first program"],
  ["get 'pods", "a ' is not closed"],
  ['get "pods', 'a " is not closed'],
  ["get pods\\", "a \\ stands at the end"],
  ["get pods\nid", "no control characters"],
  ["get pods\0", "no control characters"],
  ["get pods\ud800", "half a character"],
  [`get ${"x".repeat(17_000)}`, "at most 16384 bytes"],
  [Array(9).fill("less").join("|"), "at most 8 programs"],
])("refuses %j in words", (line, words) => {
  expect(refusal(line)).toContain(words);
});

// What is let through has the words that a shell would give the program: nothing reaches it with another meaning.
test("what it takes, a real shell reads the same", () => {
  const piece = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(..."ab1 \t'\"\\$`*?[]{}()<>|&;#~!=-./,:@%^+\né漢") },
    { weight: 1, arbitrary: fc.string({ unit: "binary-ascii", maxLength: 3 }) },
    { weight: 2, arbitrary: fc.constantFrom("'a b'", '"c d"', "\\ ", "a=b", "--x=", "2>", "$(id)", "{a,b}") },
  );
  const lines = fc
    .sample(fc.array(piece, { maxLength: 12 }), 2000)
    .map((pieces) => `x ${pieces.join("")}`)
    .filter((line) => refusal(line) === null);
  const taken = lines.flatMap((line) => {
    const [stage, ...others] = parseLine(line);
    const simple = others.length === 0 && stage!.input === null && stage!.output === null;
    return simple ? [{ line, words: stage!.words }] : [];
  });
  const read = wordsOfShell(taken.map(({ line }) => line));
  expect(taken.map(({ line }, index) => ({ line, words: read[index] }))).toEqual(taken);
  expect(taken.length).toBeGreaterThan(100);
});
