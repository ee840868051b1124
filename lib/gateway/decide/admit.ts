import { Refusal } from "../answer/refusal.ts";
import type { Gateway } from "../call/gateway.ts";

/** Whether calls are taken at all: nothing goes unrecorded, so a full journal stops them. */
export function admit(gateway: Gateway): Refusal | null {
  const admission = gateway.recorder.admission();
  return admission.admitted ? null : Refusal.tryAgain(admission.reason);
}
