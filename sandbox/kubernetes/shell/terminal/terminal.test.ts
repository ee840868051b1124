import { afterAll, describe, expect, it } from "vitest";
import type { PodProcess } from "../pod-process.ts";
import { startContainer } from "../run-in-container.ts";

const container = startContainer();
afterAll(() => container.stop());

/** A person at a terminal: types, and waits for what should appear. */
class Typist {
  readonly #process: PodProcess;
  screen = "";

  constructor(command: string[], process = container.exec({ command, tty: true, stdin: true })) {
    this.#process = process;
    void this.#watch();
  }

  get exit(): Promise<number> {
    return this.#process.exit;
  }

  resize(width: number, height: number): void {
    this.#process.resize({ width, height });
  }

  type(keys: string): void {
    void this.#process.stdin.write(Buffer.from(keys));
  }

  /** Types and waits for text that appears after it. */
  async typeAndSee(keys: string, expected: string): Promise<void> {
    const before = this.screen.length;
    this.type(keys);
    await expect.poll(() => this.screen.slice(before), { interval: 5 }).toContain(expected);
  }

  async see(expected: string): Promise<void> {
    await expect.poll(() => this.screen, { interval: 5 }).toContain(expected);
  }

  end(): void {
    this.#process.stdin.end();
  }

  async #watch(): Promise<void> {
    const { stdout } = this.#process;
    for (let chunk = await stdout.read(); chunk !== null; chunk = await stdout.read())
      this.screen += chunk.toString("utf8");
  }
}

describe("a shell on a terminal", () => {
  it("prompts, echoes, runs, and exits with the code", async () => {
    const person = new Typist(["sh"]);
    person.resize(120, 40);
    await person.see("/ # ");
    await person.typeAndSee("stty size\r", "stty size\r\n40 120\r\n/ # ");
    await person.typeAndSee("cd /app\n", "/app # ");
    person.type("exit 3\r");
    expect(await person.exit).toBe(3);
  });

  it("edits the line: erase, arrows, word and line kill, history, completion", async () => {
    const person = new Typist(["sh"]);
    await person.see("/ # ");
    await person.typeAndSee("echo abX\x7fc\r", "\r\nabc\r\n/ # ");
    await person.typeAndSee("\x1b[A\r", "\r\nabc\r\n/ # ");
    await person.typeAndSee("cho front\x01e\r", "\r\nfront\r\n/ # ");
    await person.typeAndSee("echo one two\x17three\r", "\r\none three\r\n/ # ");
    await person.typeAndSee("garbage\x15echo clean\r", "\r\nclean\r\n/ # ");
    await person.typeAndSee("cat /etc/hostn\t\r", "\r\nweb-1\r\n/ # ");
    await person.typeAndSee("echo h\u00e9\u00e9\x7f\r", "\r\nh\u00e9\r\n/ # ");
    await person.typeAndSee("echo 'two\r", "> ");
    await person.typeAndSee("lines'\r", "two\r\nlines\r\n/ # ");
    person.type("\x04");
    expect(await person.exit).toBe(0);
  });

  it("interrupts the running command and the line, and goes on", async () => {
    const person = new Typist(["sh"]);
    await person.see("/ # ");
    await person.typeAndSee("sleep 100; echo not this\r", "\r\n");
    await person.typeAndSee("\x03", "^C\r\n/ # ");
    await person.typeAndSee("echo $?\r", "130\r\n/ # ");
    await person.typeAndSee("half a line\x03", "^C\r\n/ # ");
    await person.typeAndSee("cat | cat\r", "\r\n");
    await person.typeAndSee("typed\r", "typed\r\ntyped\r\n");
    await person.typeAndSee("\x03", "/ # ");
    expect(person.screen).not.toContain("\r\nnot this");
    person.end();
    await person.exit;
  });

  it("gives programs whole lines, with erase and end of file", async () => {
    const person = new Typist(["cat"]);
    await person.typeAndSee("wrX\x7fong\x15right\r", "right\r\nright\r\n");
    person.type("\x04");
    expect(await person.exit).toBe(0);
    const killed = new Typist(["cat"]);
    await killed.typeAndSee("x\r", "x\r\nx\r\n");
    killed.type("\x03");
    expect(await killed.exit).toBe(130);
  });

  it("takes what is typed ahead, all at once", async () => {
    const person = new Typist(["sh"]);
    person.type("echo one\rread x\rvalue\recho got $x\rexit\r");
    expect(await person.exit).toBe(0);
    expect(person.screen).toContain("\r\none\r\n");
    expect(person.screen).toContain("\r\ngot value\r\n");
  });
});

describe("an attached main process", () => {
  it("is one shell for everybody who attaches, and ends the session when it exits", async () => {
    const exited = Promise.withResolvers<number>();
    const own = startContainer({
      image: "busybox",
      command: ["sh"],
      stdin: true,
      tty: true,
      onExit: exited.resolve,
    });
    const first = new Typist([], own.attach({ stdin: true }));
    await first.typeAndSee("echo seen; X=kept\r", "\r\nseen\r\n/ # ");
    first.end();
    const second = new Typist([], own.attach({ stdin: true }));
    await second.typeAndSee("echo $X\r", "\r\nkept\r\n/ # ");
    second.type("exit 5\r");
    // An attach succeeds; the code is the container's.
    expect(await second.exit).toBe(0);
    expect(await exited.promise).toBe(5);
  });

  it("shows the session that it was made for what it said before", async () => {
    const own = startContainer({
      image: "busybox",
      command: ["sh", "-c", "echo early; cat"],
      stdin: true,
      stdinOnce: true,
    });
    await own.readLog({ follow: true })[Symbol.asyncIterator]().next();
    const person = new Typist([], own.attach({ stdin: true }));
    await person.see("early\n");
    const second = new Typist([], own.attach({ stdin: true }));
    await person.typeAndSee("more\n", "more\n");
    expect(second.screen).not.toContain("early");
    own.stop();
  });

  it("ends with its only session where stdin is opened once", async () => {
    const exited = Promise.withResolvers<number>();
    const own = startContainer({
      image: "busybox",
      command: ["cat"],
      stdin: true,
      stdinOnce: true,
      onExit: exited.resolve,
    });
    const person = new Typist([], own.attach({ stdin: true }));
    await person.typeAndSee("to the log\n", "to the log\n");
    person.end();
    expect(await exited.promise).toBe(0);
    for await (const { text } of own.readLog()) expect(text).toBe("to the log\n");
  });
});
