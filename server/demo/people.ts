import type { SandboxAccount } from "kubewitness-sandbox/oidc";
import type { Context } from "../../lib/context.ts";
import { listPeople } from "../../lib/identity/people/data.ts";
import { createPerson, setPersonEnabled } from "../../lib/identity/people/mutations.ts";
import type { PersonView } from "../../lib/identity/people/schema.ts";
import { ACME_PEOPLE } from "./acme-people.ts";

/** The demo's people as the database has them, by the name of their account; made where they are missing. */
export async function ensureDemoPeople(ctx: Context): Promise<Map<string, PersonView>> {
  const known = new Map((await listPeople({ ctx })).map((person) => [person.email, person]));
  const people = new Map<string, PersonView>();
  for (const account of ACME_PEOPLE) {
    const person = known.get(account.email) ?? (await create(ctx, account));
    people.set(account.id, await vouchFor(ctx, person));
  }
  return people;
}

/** An identity provider that lost its state knew nobody's refresh token any more, and people were disabled for it. */
function vouchFor(ctx: Context, person: PersonView): PersonView | Promise<PersonView> {
  if (person.disabledBy !== "identity_provider") return person;
  return setPersonEnabled({ ctx, input: { id: person.id, enabled: true } });
}

function create(ctx: Context, { name, email, groups }: SandboxAccount): Promise<PersonView> {
  return createPerson({ ctx, input: { name, email, groups } });
}
