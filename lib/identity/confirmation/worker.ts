import { config, type OidcConfig } from "../../config.ts";
import { systemContext } from "../../context.ts";
import { inTransaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { log } from "../../log.ts";
import { updatePersonGroups, withdrawPerson } from "../people/mutations.ts";
import { readGroups } from "../sign-in/group-claim.ts";
import { openRefreshToken } from "../sign-in/refresh-token.ts";
import { type DuePerson, keepConfirmation, takeDuePerson } from "./due.ts";
import { type Confirmation, confirmWithProvider } from "./refresh.ts";

export interface ConfirmationOptions {
  /** How long the provider's word counts; milliseconds. */
  confirmEveryMs?: number;
  /** How often it is looked whose does no more; milliseconds. */
  tickMs?: number;
}

export interface IdentityConfirmation {
  /** Looks now, and resolves when everybody who is due was asked about. */
  runOnce(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Asks the identity provider, while somebody has a session or a token, whether they may still sign in: a token dies with its person,
 * also when they are disabled there. Of people whose provider gave no refresh token nothing can be asked; their tokens end with their
 * lifetime.
 */
export function startIdentityConfirmation(options: ConfirmationOptions = {}): IdentityConfirmation {
  const { confirmEveryMs = 5 * 60_000, tickMs = 30_000 } = options;
  let running: Promise<void> = Promise.resolve();
  const runOnce = () => {
    running = running.then(() => confirmDuePeople(confirmEveryMs)).catch(report);
    return running;
  };
  const timer = setInterval(runOnce, tickMs);
  timer.unref();
  return {
    runOnce,
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}

async function confirmDuePeople(confirmEveryMs: number): Promise<void> {
  const { oidc } = config();
  if (!oidc) return;
  const confirmedBefore = new Date(Date.now() - confirmEveryMs);
  const unanswered: string[] = [];
  for (;;) {
    const due = await confirmNext(oidc, { confirmedBefore, except: unanswered });
    if (!due) return;
    if (!due.answered) unanswered.push(due.person.accountId);
  }
}

interface Round {
  confirmedBefore: Date;
  except: readonly string[];
}

async function confirmNext(oidc: OidcConfig, round: Round) {
  const asked = await inTransaction(database(), async (tx) => {
    const person = await takeDuePerson(tx, round);
    if (!person) return null;
    const answer = await ask(oidc, person);
    if (answer?.kind === "confirmed") await keepConfirmation(tx, person, answer.refreshToken);
    return { person, answer };
  });
  if (!asked) return null;
  const { person, answer } = asked;
  return { person, answered: answer !== null && (await applyAnswer(oidc, person, answer)) };
}

/** null: no clear answer, which says nothing of the person. */
async function ask(oidc: OidcConfig, person: DuePerson): Promise<Confirmation | null> {
  try {
    const refreshToken = openRefreshToken(person.userId, person.refreshToken);
    return await confirmWithProvider(oidc, { refreshToken, subject: person.subject });
  } catch (error) {
    report(error, { userId: person.userId });
    return null;
  }
}

/** @returns whether it worked: one person's trouble is not the next one's. */
async function applyAnswer(oidc: OidcConfig, person: DuePerson, answer: Confirmation): Promise<boolean> {
  try {
    await takeOver(oidc, person, answer);
    return true;
  } catch (error) {
    report(error, { userId: person.userId });
    return false;
  }
}

async function takeOver(oidc: OidcConfig, person: DuePerson, answer: Confirmation): Promise<void> {
  const ctx = systemContext("identity confirmation");
  const id = person.userId;
  if (answer.kind === "withdrawn") {
    const reason = `the identity provider no longer vouches for this person: ${answer.reason}`;
    return withdrawPerson({ ctx, input: { id, reason } });
  }
  // A refreshed ID token need not repeat every claim; what it does not say has not changed.
  const claim = answer.claims[oidc.groupsClaim];
  if (claim === undefined || claim === null) return;
  const { names, leftOut } = readGroups(claim);
  if (leftOut !== null) log.debug({ userId: id }, leftOut);
  await updatePersonGroups({ ctx, input: { id, groups: names } });
}

function report(error: unknown, about: object = {}): void {
  log.warn({ err: error, ...about }, "whether a person may still sign in could not be learnt");
}
