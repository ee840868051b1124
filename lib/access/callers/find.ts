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
export async function findCaller(tx: Transaction, id: string): Promise<FoundCaller> {
  const [found] = await findCallers(tx, [id]);
  if (!found) throw new AppError("not_found", "There is no person or application with that id.");
  return found;
}

/** Those of these people and applications that are there. */
export async function findCallers(tx: Transaction, ids: readonly string[]): Promise<FoundCaller[]> {
  const where = { id: { in: [...ids] } };
  const people = await tx.user.findMany({
    where,
    include: { memberships: { include: { group: true }, orderBy: { group: { name: "asc" } } } },
  });
  const applications = await tx.application.findMany({ where });
  const issuers = issuersInEffect(config());
  return [
    ...people.map((person) => viewPerson(person, issuers)),
    ...applications.map(({ id, name, consoleRole, enabled }): FoundCaller => {
      return { actor: { kind: "application", id, name, consoleRole: consoleRole as ConsoleRole }, enabled };
    }),
  ];
}

interface PersonRow {
  id: string;
  name: string | null;
  email: string | null;
  issuer: string | null;
  enabled: boolean;
  consoleRole: string;
  memberships: { group: { id: string; name: string; issuer: string | null } }[];
}

function viewPerson(person: PersonRow, issuers: readonly string[]): FoundCaller {
  const { id, issuer, memberships } = person;
  const isInEffect = issuer !== null && issuers.includes(issuer);
  // Groups of another provider than the person's own are other groups.
  const groups = memberships.flatMap(({ group }) => (isInEffect && group.issuer === issuer ? [group] : []));
  const email = person.email ?? "";
  return {
    actor: {
      kind: "user",
      id,
      name: person.name || email,
      email,
      consoleRole: person.consoleRole as ConsoleRole,
      groups: groups.map(({ name }) => name),
      groupIds: groups.map((group) => group.id),
    },
    enabled: person.enabled && isInEffect,
  };
}
