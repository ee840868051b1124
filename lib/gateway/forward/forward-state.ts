/**
 * How far a forwarded call is. `waiting`: for the cluster's answer; `starting`: the first row of a watch or a followed log is being
 * written; `started`: it passes; `passing`: an ordinary answer passes; `held`: the outcome is known and being recorded, the
 * end of the answer is kept back; `settled`: whatever happens changes nothing.
 */
export type ForwardState = "waiting" | "starting" | "started" | "passing" | "held" | "settled";

export type ForwardEvent =
  /** The head of an ordinary answer, or of a watch or a followed log. */
  | "answer-began"
  | "stream-began"
  | "start-recorded"
  | "start-unrecorded"
  | "cluster-finished"
  | "cluster-broke"
  | "client-left"
  | "gateway-ended"
  /** Something else is answered, while nothing of the cluster's answer has gone out. */
  | "answered-instead"
  /** The outcome's row is durable, or cannot be. */
  | "recorded"
  | "unrecorded";

/** What leads where. An event that a state does not list is too late, and changes nothing. */
export const TRANSITIONS: Record<ForwardState, Partial<Record<ForwardEvent, ForwardState>>> = {
  waiting: {
    "answer-began": "passing",
    "stream-began": "starting",
    "client-left": "held",
    "gateway-ended": "held",
    "answered-instead": "settled",
  },
  starting: {
    "start-recorded": "started",
    "start-unrecorded": "settled",
    "cluster-finished": "held",
    "cluster-broke": "held",
    "client-left": "held",
    "gateway-ended": "held",
  },
  started: {
    "cluster-finished": "held",
    "cluster-broke": "held",
    "client-left": "held",
    "gateway-ended": "held",
  },
  passing: {
    "cluster-finished": "held",
    "cluster-broke": "held",
    "client-left": "held",
    "gateway-ended": "held",
    "answered-instead": "settled",
  },
  held: { recorded: "settled", unrecorded: "settled" },
  settled: {},
};

/** The state of one forwarded call. */
export class ForwardMachine {
  #state: ForwardState = "waiting";

  get state(): ForwardState {
    return this.#state;
  }

  /** The outcome is not known yet. */
  get isOpen(): boolean {
    return this.#state !== "held" && this.#state !== "settled";
  }

  /** A row was written, or is being written, when the call began. */
  get hasStartRow(): boolean {
    return this.#state === "starting" || this.#state === "started";
  }

  /** False: the event came too late. */
  take(event: ForwardEvent): boolean {
    const next = TRANSITIONS[this.#state][event];
    if (next === undefined) return false;
    this.#state = next;
    return true;
  }
}
