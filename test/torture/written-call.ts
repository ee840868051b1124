/** What a client wrote down of one call of its own. */
export interface WrittenCall {
  kind: "read" | "change" | "stranger" | "watch" | "session";
  /** No other call has it; it is in the call's target. */
  name: string;
  /** As the answer named it; null where none came. */
  auditId: string | null;
  status: number | null;
  /**
   * `unanswered`: no head came. `begun`: its head came, and not all of its body; of a watch and a session that is how they are while they run, too.
   * `answered`: the whole answer came.
   */
  state: "unanswered" | "begun" | "answered";
  /** Of an answer of 400 and above. */
  message: string;
}

export const newCall = (kind: WrittenCall["kind"], name: string): WrittenCall => ({
  kind,
  name,
  auditId: null,
  status: null,
  state: "unanswered",
  message: "",
});
