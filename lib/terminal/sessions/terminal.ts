import { rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { TextRedactor } from "../../audit/redaction/redact-text.ts";
import { AppError } from "../../errors.ts";
import { extendTerminalToken, type TerminalToken } from "../../identity/terminal-tokens/terminal-token.ts";
import { log } from "../../log.ts";
import { onSessionEndRequest } from "../../recordings/live/end-requests.ts";
import type { SessionRecording } from "../../recordings/recorder/session-recording.ts";
import type { ShellHost, TerminalSize } from "../shell/host/shell-host.ts";
import type { Shell } from "../shell/shell.ts";
import { type TerminalConnection, tellEnd } from "./browser-connection.ts";
import type { CommandLog } from "./command-log.ts";
import { Downloads } from "./downloads.ts";
import { KeptScreen } from "./kept-screen.ts";
import { OutputWindow } from "./output-window.ts";
import { PersonRequests } from "./person-requests.ts";
import { redactLine } from "./redact-line.ts";
import { CLOSE_CODES, type ClientMessage, KEPT_MS, MOST_UPLOAD_BYTES } from "./schema.ts";
import { endOf, recordingOutcome, type TerminalEnd, terminatedBy } from "./terminal-end.ts";
import type { TerminalOwner } from "./terminal-owner.ts";
import type { Relay } from "./terminal-services.ts";
import { type UploadedFile, Uploads } from "./uploads.ts";

export interface TerminalOptions {
  id: string;
  owner: TerminalOwner;
  cluster: { id: string; name: string; endpoint: string };
  clientIp: string | null;
  token: TerminalToken;
  /** Of this terminal alone, for files on their way; removed with it. */
  folder: string;
  size: TerminalSize;
  recording: SessionRecording;
  commands: CommandLog;
  redactor: TextRedactor;
  saveHistory(line: string): void;
  relay: Relay;
  /** When all is over and written. */
  onEnded(terminal: Terminal, end: TerminalEnd): Promise<void>;
}

/** How long what runs may take to end. */
const CLOSE_MS = 5_000;

/** One terminal: a shell, its screen, its recording, and the browser that is connected to it, or not for a while. */
export class Terminal implements ShellHost {
  readonly id: string;
  readonly owner: TerminalOwner;
  readonly cluster: TerminalOptions["cluster"];
  readonly startedAt = new Date();
  readonly downloads: Downloads;
  readonly #options: TerminalOptions;
  readonly #screen: KeptScreen;
  readonly #window = new OutputWindow();
  readonly #requests = new PersonRequests((message) => this.#connection?.message(message));
  readonly #uploads: Uploads;
  #shell: Shell | null = null;
  #size: TerminalSize;
  #connection: TerminalConnection | null = null;
  #away: NodeJS.Timeout | undefined;
  readonly #expiry: NodeJS.Timeout;
  #clientIp: string | null;
  readonly #stopListening: () => void;
  #bytesIn = 0;
  #bytesOut = 0;
  #end: TerminalEnd | null = null;
  #ended: Promise<void> | null = null;

  constructor(options: TerminalOptions) {
    this.#options = options;
    this.id = options.id;
    this.owner = options.owner;
    this.cluster = options.cluster;
    this.#size = options.size;
    this.#clientIp = options.clientIp;
    this.#screen = new KeptScreen(options.size);
    this.downloads = new Downloads(options.folder);
    this.#uploads = new Uploads(options.folder, (message) => this.#connection?.message(message));
    this.#waitForBrowser();
    const lastsMs = options.token.endsAt.getTime() - Date.now();
    this.#expiry = setTimeout(() => void this.end(endOf("session")), lastsMs).unref();
    this.#stopListening = onSessionEndRequest(
      options.id,
      ({ by, reason }) => void this.end(terminatedBy(by, reason)),
    );
  }

  get token(): TerminalToken {
    return this.#options.token;
  }

  /** Of the browser that is connected, or was last. */
  get clientIp(): string | null {
    return this.#clientIp;
  }

  get commands(): CommandLog {
    return this.#options.commands;
  }

  get apiSocket(): string {
    return this.#options.relay.socketPath;
  }

  get isOver(): boolean {
    return this.#end !== null;
  }

  /** Once. It writes to this terminal from now on. */
  run(shell: Shell): void {
    this.#shell = shell;
    void shell.left.then(() => this.end(endOf("left")));
  }

  idleMs(): number {
    return this.#shell?.idleMs() ?? 0;
  }

  /** What one that is connected already is told: it was opened elsewhere. */
  attach(connection: TerminalConnection): void {
    if (this.#end !== null) {
      tellEnd(connection, this.#end);
      return;
    }
    this.#connection?.close(CLOSE_CODES.openedElsewhere, "the terminal was opened elsewhere");
    clearTimeout(this.#away);
    this.#uploads.giveUp();
    this.#connection = connection;
    this.#clientIp = connection.clientIp;
    this.#window.restart();
    connection.message({ type: "screen", ...this.#screen.draw() });
    this.#requests.askAgain();
  }

  /** The browser is gone; it may come back. */
  detach(connection: TerminalConnection): void {
    if (this.#connection !== connection) return;
    this.#connection = null;
    this.#waitForBrowser();
  }

  receive(message: ClientMessage): void {
    if (this.#end !== null) return;
    switch (message.type) {
      case "input": {
        const data = Buffer.from(message.data, "utf8");
        this.#bytesIn += data.length;
        this.#shell?.input(data);
        break;
      }
      case "resize":
        this.#resize(message);
        break;
      case "ack":
        this.#window.acknowledge(message.bytes);
        break;
      case "ping":
        this.#connection?.message({ type: "pong" });
        break;
      case "edited":
        if (this.#requests.isAsked(message.id, "edit")) this.#requests.answer(message.id, message.text);
        break;
      case "upload":
        if (this.#requests.isAsked(message.id, "askUpload")) this.#uploads.begin(message);
        break;
      case "uploadEnd":
        void this.#endUpload(message.id);
        break;
      case "uploadGivenUp":
        if (!this.#requests.isAsked(message.id, "askUpload")) break;
        this.#uploads.giveUp();
        this.#requests.answer(message.id, null);
        break;
    }
  }

  /** A piece of the file that is being uploaded. False: there is none, or it comes too fast. */
  receiveFile(data: Uint8Array): boolean {
    return this.#uploads.take(data);
  }

  /** Its token counts for longer, while its console session lasts; else its end is found when it counts no more. */
  async extendToken(): Promise<void> {
    if (this.#end === null) await extendTerminalToken(this.#options.token);
  }

  // What the shell asks of it.

  write(data: Uint8Array): void {
    if (this.#end !== null) return;
    // Recording and socket read it later.
    const bytes = Buffer.from(data);
    this.#bytesOut += bytes.length;
    this.#options.recording.output("stdout", bytes);
    this.#screen.write(bytes);
    this.#connection?.output(bytes);
    // Also without a browser, which draws the screen when it comes back: until then the shell gets as far as with one that does not draw.
    this.#window.sent(bytes.length);
  }

  room(): Promise<void> | undefined {
    if (this.#end !== null) return undefined;
    // Where it cannot go on, the terminal ends.
    const recorded = this.#options.recording.room()?.catch(() => undefined);
    const drawn = this.#window.room();
    return recorded && drawn ? Promise.all([recorded, drawn]).then(() => undefined) : (recorded ?? drawn);
  }

  async commandStarted(line: string): Promise<{ id: string }> {
    if (this.#end !== null) throw new AppError("unavailable", "The terminal has ended.");
    const redacted = redactLine(this.#options.redactor, line);
    const { id } = await this.#options.commands.start(redacted, this.#clientIp);
    this.#options.recording.marker(redacted);
    return { id };
  }

  async commandEnded(...[id, outcome]: Parameters<ShellHost["commandEnded"]>): Promise<void> {
    this.#options.commands.end(id, outcome);
  }

  edit({ name, text }: { name: string; text: string }): Promise<string | null> {
    return this.#requests.ask<string>({ type: "edit", name, text });
  }

  async offerDownload(name: string, path: string): Promise<void> {
    const { id, size } = await this.downloads.offer(name, path);
    this.#connection?.message({ type: "download", id, name, size });
  }

  askUpload(): Promise<UploadedFile | null> {
    return this.#requests.ask<UploadedFile>({ type: "askUpload", mostBytes: MOST_UPLOAD_BYTES });
  }

  saveHistory(line: string): void {
    this.#options.saveHistory(redactLine(this.#options.redactor, line));
  }

  /** Ends it, once: the person is told at once, and has no way to the cluster any more. Resolves when all of it is written. */
  end(end: TerminalEnd): Promise<void> {
    this.#ended ??= this.#endNow(end);
    return this.#ended;
  }

  /** Never rejects: whoever ends it does not wait for all of it. */
  async #endNow(end: TerminalEnd): Promise<void> {
    try {
      await this.#endAll(end);
    } catch (error) {
      log.error({ err: error, terminalId: this.id }, "a terminal did not end as it should");
    }
  }

  async #endAll(end: TerminalEnd): Promise<void> {
    this.#end = end;
    clearTimeout(this.#away);
    clearTimeout(this.#expiry);
    this.#stopListening();
    if (this.#connection) tellEnd(this.#connection, end);
    this.#connection = null;
    this.#options.relay.close();
    this.#requests.close();
    this.#uploads.giveUp();
    this.#window.restart();
    await this.#closeShell();
    const { commands, recording, folder } = this.#options;
    commands.endKilled();
    await recording.close(recordingOutcome(end, { bytesIn: this.#bytesIn, bytesOut: this.#bytesOut }));
    this.#screen.close();
    await commands.settled(CLOSE_MS);
    // A file that cannot be removed keeps neither its place nor its token.
    await this.#options.onEnded(this, end);
    await rm(folder, { recursive: true, force: true });
  }

  async #endUpload(id: string): Promise<void> {
    try {
      const file = await this.#uploads.end(id);
      if (file) this.#requests.answer(id, file);
    } catch (error) {
      log.error({ err: error, terminalId: this.id }, "an upload to a terminal failed");
    }
  }

  async #closeShell(): Promise<void> {
    try {
      await Promise.race([this.#shell?.close(), delay(CLOSE_MS, undefined, { ref: false })]);
    } catch (error) {
      log.error({ err: error, terminalId: this.id }, "a shell did not close as it should");
    }
  }

  #resize({ columns, rows }: TerminalSize): void {
    if (columns === this.#size.columns && rows === this.#size.rows) return;
    this.#size = { columns, rows };
    this.#screen.resize(this.#size);
    this.#options.recording.resize(this.#size);
    this.#shell?.resize(this.#size);
  }

  #waitForBrowser(): void {
    this.#away = setTimeout(() => void this.end(endOf("disconnected")), KEPT_MS);
    this.#away.unref();
  }
}
