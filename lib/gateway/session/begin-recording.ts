import { log } from "../../log.ts";
import { openRecording } from "../../recordings/recorder/open-recording.ts";
import type { SessionRecording } from "../../recordings/recorder/session-recording.ts";
import { Refusal } from "../answer/refusal.ts";
import type { ForwardUpgradeInput } from "../call/call.ts";
import { isSession } from "../request/request-info.ts";
import { tarStreamOf } from "./recorded-kind.ts";
import { askedSession, recordedSessionOf } from "./recorded-session-of.ts";

/**
 * Begins the recording of an exec or attach before the cluster hears of it; null where there is none to be. Refuses a session that must be
 * recorded and cannot be. `onFailure`: later, as soon as the recording of such a session cannot go on.
 */
export async function beginRecording(
  input: ForwardUpgradeInput,
  onFailure: () => void,
): Promise<SessionRecording | Refusal | null> {
  const { gateway, record, call } = input;
  const policy = call.permit.recording.record;
  if (policy === "off" || !isSession(call.info) || call.info.subresource === "portforward") return null;
  const asked = askedSession(input);
  try {
    return await openRecording({
      session: recordedSessionOf(input, asked),
      policy,
      store: gateway.recordings,
      tarStream: tarStreamOf(asked),
      onFailure: policy === "required" ? onFailure : undefined,
    });
  } catch (error) {
    log.error({ err: error, ...record.logged }, "a session that must be recorded was refused");
    return new Refusal(
      "ServiceUnavailable",
      `The session was not started: role ${call.permit.role} requires that it is recorded, and no recording can be written now. Try again shortly.`,
    );
  }
}
