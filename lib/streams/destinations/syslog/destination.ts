import type { z } from "zod";
import { describeFailure } from "../connection/describe-failure.ts";
import { tlsOptions } from "../connection/tls-options.ts";
import type {
  Batch,
  BatchRecord,
  Destination,
  DestinationKind,
  DestinationTls,
  DestinationTools,
} from "../destination/destination.ts";
import type { Outcome, RefusedRecord } from "../destination/outcome.ts";
import { KeptConnection } from "./kept-connection.ts";
import { writeMessage } from "./message.ts";
import type { SyslogSecrets, SyslogSettings } from "./schema.ts";
import { type OpenSyslog, writeAndClose } from "./write-and-close.ts";

type Settings = z.infer<typeof SyslogSettings>;
type Secrets = z.infer<typeof SyslogSecrets>;

export const syslog: DestinationKind<Settings, Secrets> = {
  open: ({ settings, secrets, tools }) => new Syslog(settings, secrets, tools),
};

const PIECE_BYTES = 65_536;

/** Sends each record as one message. What counts as delivered: docs/decisions/0234-syslog-is-confirmed-by-its-end.md. */
class Syslog implements Destination {
  readonly #settings: Settings;
  readonly #open: OpenSyslog;
  readonly #kept: KeptConnection | null;

  constructor(settings: Settings, secrets: Secrets, tools: DestinationTools) {
    this.#settings = settings;
    this.#open = opener(settings, tlsOptions({ ...settings, ...secrets }), tools);
    this.#kept = settings.confirm === "written" ? new KeptConnection(this.#open) : null;
  }

  async send({ records }: Batch, signal: AbortSignal): Promise<Outcome> {
    const { pieces, refused } = this.#write(records);
    if (pieces.length > 0) {
      try {
        await (this.#kept ? this.#kept.write(pieces, signal) : writeAndClose(this.#open, pieces, signal));
      } catch (error) {
        return { is: "later", reason: describeFailure(error) };
      }
    }
    return refused.length === 0 ? { is: "taken" } : { is: "partly", refused };
  }

  async close(): Promise<void> {
    this.#kept?.close();
  }

  /** Nothing is cut to fit: half a record is none. */
  #write(records: readonly BatchRecord[]): { pieces: Buffer[]; refused: RefusedRecord[] } {
    const { maxMessageBytes, hostname, enterpriseNumber } = this.#settings;
    const messages: Buffer[] = [];
    const refused: RefusedRecord[] = [];
    for (const [index, each] of records.entries()) {
      const origin = { hostname: hostname || hostOf(each.record.installation), enterpriseNumber };
      const message = writeMessage(each, origin);
      if (message.length <= maxMessageBytes) messages.push(message);
      else {
        const reason = `the message has ${message.length} bytes, and the setting Longest message is ${maxMessageBytes}`;
        refused.push({ index, reason, forGood: true });
      }
    }
    return { pieces: piecesOf(messages), refused };
  }
}

/** Many messages a piece: one by one, each would be a record of TLS and a call of the system. */
function piecesOf(messages: readonly Buffer[]): Buffer[] {
  const pieces: Buffer[][] = [];
  let left = 0;
  for (const message of messages) {
    if (message.length > left || pieces.length === 0) {
      pieces.push([]);
      left = PIECE_BYTES;
    }
    pieces.at(-1)!.push(message);
    left -= message.length;
  }
  return pieces.map((piece) => Buffer.concat(piece));
}

function opener(
  { host, port, transport }: Settings,
  tls: DestinationTls,
  tools: DestinationTools,
): OpenSyslog {
  const address = { host, port };
  if (transport === "tcp") return (signal) => tools.dial(address, signal);
  return (signal) => tools.dialTls(address, tls, signal);
}

function hostOf(installation: string): string {
  return URL.canParse(installation) ? new URL(installation).hostname : installation;
}
