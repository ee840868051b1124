import { type Fields, isFields, listOf } from "../objects/fields.ts";

/** Sets one condition; its transition time changes only with its status. */
export function setCondition(
  conditions: unknown,
  condition: Fields & { type: string },
  now: string,
): Fields[] {
  const all = listOf(conditions).filter(isFields);
  const known = all.find((item) => item.type === condition.type);
  const unchanged = known?.status === condition.status;
  const changed = { ...condition, lastTransitionTime: unchanged ? known?.lastTransitionTime : now };
  return known === undefined ? [...all, changed] : all.map((item) => (item === known ? changed : item));
}

function podCondition(
  type: string,
  met: boolean,
  reason?: string,
  message?: string,
): Fields & { type: string } {
  return {
    type,
    status: met ? "True" : "False",
    lastProbeTime: null,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  };
}

/** The kubelet's conditions of a pod whose containers are ready, or which of them are not. */
export function podConditions(
  conditions: unknown,
  unready: string[],
  completed: boolean,
  now: string,
): Fields[] {
  const ready = unready.length === 0;
  const reason = ready ? undefined : completed ? "PodCompleted" : "ContainersNotReady";
  const message = ready || completed ? undefined : `containers with unready status: [${unready.join(" ")}]`;
  let result = setCondition(conditions, podCondition("PodReadyToStartContainers", !completed), now);
  result = setCondition(
    result,
    podCondition("Initialized", true, completed ? "PodCompleted" : undefined),
    now,
  );
  result = setCondition(result, podCondition("Ready", ready, reason, message), now);
  return setCondition(result, podCondition("ContainersReady", ready, reason, message), now);
}
