import { issuersInEffect } from "../../config/issuer.ts";
import { config } from "../../config.ts";
import type { Actor, ConsoleRole } from "../../context.ts";
import type { Transaction } from "../../db/client.ts";
import { AppError } from "../../errors.ts";

export type CallerActor = Extract<Actor, { kind: "user" | "application" }>;

export interface FoundCaller {
  actor: CallerActor;
  /** A disabled one is refused before any role is asked. */
  enabled: boolean;
}

/** A person or an application by id, as the gateway would know them. @throws AppError `not_found`. */
export async function findCaller(
  tx: Transaction,
  { kind, id }: { kind: CallerActor["kind"]; id: string },
): Promise<FoundCaller> {
  const found = kind === "user" ? await findPerson(tx, id) : await findApplication(tx, id);
  if (!found)
    throw new AppError(
      "not_found",
      `There is no ${kind === "user" ? "person" : "application"} with that id.`,
    );
  return found;
}

async function findPerson(tx: Transaction, id: string): Promise<FoundCaller | null> {
  const person = await tx.user.findUnique({
    where: { id },
    include: { memberships: { include: { group: true }, orderBy: { group: { name: "asc" } } } },
  });
  if (!person) return null;
  const { issuer } = person;
  const isInEffect = issuer !== null && issuersInEffect(config()).includes(issuer);
  // Groups of another provider than the person's own are other groups.
  const groups = person.memberships.flatMap(({ group }) =>
    isInEffect && group.issuer === issuer ? [group] : [],
  );
  const email = person.email ?? "";
  const actor: CallerActor = {
    kind: "user",
    id,
    name: person.name || email,
    email,
    consoleRole: person.consoleRole as ConsoleRole,
    groups: groups.map(({ name }) => name),
    groupIds: groups.map((group) => group.id),
  };
  return { actor, enabled: person.enabled && isInEffect };
}

async function findApplication(tx: Transaction, id: string): Promise<FoundCaller | null> {
  const application = await tx.application.findUnique({ where: { id } });
  if (!application) return null;
  const { name, consoleRole, enabled } = application;
  return { actor: { kind: "application", id, name, consoleRole: consoleRole as ConsoleRole }, enabled };
}
