import http from "node:http";
import type { Duplex } from "node:stream";
import type { AgentLink, JoinedAgent } from "../agent-link.ts";
import { CallCount } from "../call-count.ts";
import { DialError } from "../dial-error.ts";
import { Occurrence } from "../occurrence.ts";
import { PROBLEM_HEADER, type ToldLink, ToldProblem } from "./told-links.ts";

/** An agent's connection that another process of this replica has. */
export class RemoteLink implements AgentLink {
  readonly id: string;
  readonly credential: ToldLink["credential"];
  readonly isRemote = true;
  readonly calls = new CallCount();
  agent: JoinedAgent;
  isDraining: boolean;
  readonly #socketPath: string;
  readonly #drains = new Occurrence();
  readonly #closed = new Occurrence();

  constructor(socketPath: string, told: ToldLink) {
    this.#socketPath = socketPath;
    this.id = told.id;
    this.credential = told.credential;
    this.agent = told.agent;
    this.isDraining = told.isDraining;
  }

  get underWay(): number {
    return this.calls.underWay;
  }

  begin(): () => void {
    return this.calls.begin();
  }

  /** The process says what is now. */
  update({ agent, isDraining }: ToldLink): void {
    this.agent = agent;
    this.isDraining = isDraining;
    if (isDraining) this.#drains.happen();
  }

  /** The process says that it has it no more, or is gone. */
  close(): void {
    this.isDraining = true;
    this.#drains.happen();
    this.#closed.happen();
  }

  onDraining(listener: () => void): () => void {
    return this.#drains.on(listener);
  }

  onClose(listener: () => void): () => void {
    return this.#closed.on(listener);
  }

  open(signal: AbortSignal): Promise<Duplex> {
    const { name } = this.agent;
    return new Promise((resolve, reject) => {
      const request = http.request({
        socketPath: this.#socketPath,
        method: "CONNECT",
        path: this.id,
        signal,
      });
      request.on("connect", (answer, socket, head) => {
        if (answer.statusCode !== 200) {
          socket.destroy();
          reject(problemOf(name, answer.headers[PROBLEM_HEADER]));
          return;
        }
        socket.on("error", () => socket.destroy());
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
      });
      request.on("error", () => reject(signal.aborted ? signal.reason : DialError.lost(name)));
      request.end();
    });
  }
}

function problemOf(agent: string, header: string | string[] | undefined): DialError {
  try {
    return new DialError(agent, ToldProblem.parse(JSON.parse(String(header))));
  } catch {
    return DialError.lost(agent);
  }
}
