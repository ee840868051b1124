import type { EventAction } from "../columns/event-history/values/schema.ts";

const ACTIONS: Readonly<Record<string, EventAction>> = {
  POST: "Create",
  PUT: "Update",
  PATCH: "Update",
  DELETE: "Delete",
};

/** What a request with this method would have done, where the event knows no more of it; undefined for one that reads. */
export const actionOfMethod = (method: string): EventAction | undefined => ACTIONS[method];
