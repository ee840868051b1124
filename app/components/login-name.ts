import type { LoginView } from "../../lib/identity/logins/schema.ts";

/** From where a login of the command line was used last, and where it was begun if that was elsewhere. */
export function addressOfLogin({ createdFrom, lastUsedFrom }: LoginView): string {
  const last = lastUsedFrom ?? createdFrom ?? "address not known";
  return createdFrom === null || createdFrom === last ? last : `${last} (begun at ${createdFrom})`;
}

export const flowOf = ({ flow }: LoginView): string =>
  flow === "device" ? "By a code" : "In a browser there";

/** What a login is called where it is ended. */
export const loginName = (login: LoginView): string => `${login.name}, ${addressOfLogin(login)}`;
