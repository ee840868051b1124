import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { capture } from "../testing/capture.ts";
import { createMachine, type Machine } from "../testing/run-cli.ts";
import { COMMANDS, splitCommandLine } from "./commands.ts";
import { runCommandLine } from "./run.ts";

let machine: Machine;
beforeAll(async () => {
  machine = await createMachine();
});
afterAll(() => machine.remove());

describe("a command line that is not understood ends with 2 and says what is taken", () => {
  test.each([
    [["nonsense"], 'There is no command "nonsense": takes login, logout, '],
    [["audit"], 'There is no command "audit": takes audit search, audit tail, audit export.'],
    [
      ["clusters", "--output", "xml"],
      '--output got "xml": takes json, table. See: kubewitness help clusters',
    ],
    [["clusters", "--colour"], "Unknown option '--colour'. See: kubewitness help clusters"],
    [["can-i", "get"], "RESOURCE is missing: "],
    [["completion", "tcsh"], 'SHELL got "tcsh": takes bash, zsh, fish.'],
    [["whoami", "again"], '"again" is one word too many.'],
    [["whoami", "--profile", "../x"], '--profile got "../x": takes up to 63 letters'],
    [["request", "on-call"], "--reason is missing"],
    [["credential"], "--cluster is missing"],
    [
      ["login", "ftp://audit.example.com"],
      'The URL got "ftp://audit.example.com": takes the console\'s address',
    ],
    [["login", "http://audit.example.com"], "http://audit.example.com is not encrypted"],
    [
      ["login", "https://audit.example.com", "--certificate-authority", "/nowhere"],
      "cannot be read (ENOENT)",
    ],
  ])("%j", async (words, message) => {
    const terminal = capture({ HOME: machine.home });
    const code = await runCommandLine(words, terminal);
    const { stdout, stderr } = terminal;
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`error: `);
    expect(stderr).toContain(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});

test("without a sign-in each command ends with 3 and says how to sign in", async () => {
  const { code, stderr } = await machine.run(["whoami"]);
  expect({ code, stderr }).toEqual({
    code: 3,
    stderr: "error: You are not signed in. Run: kubewitness login https://audit.example.com\n",
  });
});

test("an installation that is not there ends with 4", async () => {
  const { code, stderr } = await machine.run(["login", "https://127.0.0.1:9"]);
  expect(code).toBe(4);
  expect(stderr).toContain("https://127.0.0.1:9 cannot be reached: nothing listens there.");
});

test("every command has help, by either way, with its options", async () => {
  for (const { name, about, load } of COMMANDS) {
    const { command } = await load();
    expect(command.about, name).toBe(about);
    expect(command.examples.length, name).toBeGreaterThan(0);
    for (const [option, { type, value }] of Object.entries(command.options))
      expect(type === "boolean" || value, `${name} --${option} names its value`).toBeTruthy();
  }
  const byCommand = await machine.run(["help", "audit", "search"]);
  const byOption = await machine.run(["audit", "search", "--help"]);
  expect(byCommand).toEqual(byOption);
  expect(byCommand.stdout).toContain("Usage: kubewitness audit search [FILTER] [OPTIONS]");
});

test("options may stand before the command", () => {
  expect(splitCommandLine(["--profile", "test", "audit", "-o", "json", "search", "x"])).toMatchObject({
    name: "audit search",
    rest: ["--profile", "test", "-o", "json", "x"],
  });
});
