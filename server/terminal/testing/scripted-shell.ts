import { writeFile } from "node:fs/promises";
import { request } from "node:http";
import path from "node:path";
import type { Shell, ShellOptions } from "../../../lib/terminal/shell/shell.ts";

type Options = Omit<ShellOptions, "kubectl" | "isolation">;

/** A shell with as many commands as the tests of what is around a shell need. Each ends with its exit code on a line. */
export class ScriptedShell implements Shell {
  readonly sizes: { columns: number; rows: number }[] = [];
  readonly left: Promise<void>;
  closed = false;
  lastTypedAt = Date.now();
  /** As if nothing had been typed for so long. */
  idleFor: number | null = null;
  readonly #options: Options;
  readonly #leave: () => void;
  #line = "";

  constructor(options: Options) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.left = promise;
    this.#leave = resolve;
    this.#write(`shell of ${options.person} at ${options.cluster}, ${options.namespace}\r\n$ `);
  }

  get history(): string[] {
    return this.#options.history;
  }

  input(data: Uint8Array): void {
    this.lastTypedAt = Date.now();
    this.#line += Buffer.from(data).toString();
    const lines = this.#line.split("\r");
    this.#line = lines.pop()!;
    for (const line of lines) void this.#run(line);
  }

  resize(size: { columns: number; rows: number }): void {
    this.sizes.push(size);
  }

  idleMs(): number {
    return this.idleFor ?? Date.now() - this.lastTypedAt;
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  #write(text: string): void {
    this.#options.host.write(Buffer.from(text));
  }

  async #run(line: string): Promise<void> {
    const { host } = this.#options;
    const [name, word = ""] = line.split(" ");
    if (name === "exit") {
      this.#leave();
      return;
    }
    const begun = Date.now();
    try {
      const { id } = await host.commandStarted(line);
      host.saveHistory(line);
      const exitCode = await this.#runCommand(name!, word);
      await host.commandEnded(id, { exitCode, durationMs: Date.now() - begun });
      this.#write(`\r\nexit ${exitCode}\r\n$ `);
    } catch (error) {
      this.#write(`\r\n${(error as Error).message}\r\n$ `);
    }
  }

  async #runCommand(name: string, word: string): Promise<number> {
    const { host, directory } = this.#options;
    switch (name) {
      case "echo":
        this.#write(word);
        return 0;
      case "flood": {
        const piece = Buffer.alloc(4_096, "x");
        for (let left = Number(word); left > 0 && !this.closed; left -= piece.length) {
          await host.room();
          host.write(piece);
        }
        return 0;
      }
      case "get":
        this.#write(await this.#get(word));
        return 0;
      case "wait":
        await new Promise(() => {});
        return 0;
      case "edit":
        this.#write(String(await host.edit({ name: word, text: "before" })));
        return 0;
      case "upload": {
        const file = await host.askUpload();
        this.#write(file === null ? "given up" : `${file.name} at ${path.basename(file.path)}`);
        return file === null ? 1 : 0;
      }
      case "download": {
        const file = path.join(directory, word);
        await writeFile(file, "the file's text");
        await host.offerDownload(word, file);
        return 0;
      }
      default:
        return 127;
    }
  }

  /** As kubectl would, with all that a client may say of itself by a header. */
  #get(target: string): Promise<string> {
    const headers = {
      Authorization: "Bearer of-a-liar",
      Cookie: "kubewitness.session=of-a-liar",
      "X-Forwarded-For": "198.51.100.99",
      "Kubectl-Command": "kubectl lies",
      "Kubectl-Session": "11111111-1111-4111-8111-111111111111",
      "User-Agent": "kubectl/v1.35.2 (linux/amd64)",
    };
    return new Promise((resolve) => {
      const sent = request({ socketPath: this.#options.host.apiSocket, path: target, headers }, (answer) => {
        let text = "";
        answer.on("data", (data) => (text += data));
        answer.on("close", () => resolve(`${answer.statusCode} ${text.slice(0, 400)}`));
      });
      sent.on("error", (error) => resolve(`failed ${(error as NodeJS.ErrnoException).code}`));
      sent.end();
    });
  }
}
