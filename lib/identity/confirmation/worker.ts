import { systemContext } from "../../context.ts";
import { log } from "../../log.ts";
import { recordableText } from "../failed-authentication/recordable-text.ts";
import { updatePersonGroups, withdrawPerson } from "../people/mutations.ts";
import type { ClaimedGroups } from "../providers/provider/group-claim.ts";
import type { OAuthProvider } from "../providers/provider/identity-provider.ts";
import { listProviders } from "../providers/registry.ts";
import { openRefreshToken } from "../sign-in/refresh-token.ts";
import { type DuePerson, keepConfirmation, keepRefreshToken, releasePerson, takeDuePerson } from "./due.ts";
import { keepAnswer } from "./keep-answer.ts";

const ctx = systemContext("identity confirmation");

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
 * Asks each identity provider, while somebody has a session or a token, whether they may still sign in: a token dies with its person,
 * also when they are disabled there. Of people whose provider gave no refresh token nothing can be asked; their tokens end with their
 * lifetime.
 */
export function startIdentityConfirmation(options: ConfirmationOptions = {}): IdentityConfirmation {
  const { confirmEveryMs = 5 * 60_000, tickMs = 30_000 } = options;
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  const runOnce = () => {
    running = running.then(() => confirmDuePeople(confirmEveryMs, stopping.signal)).catch(report);
    return running;
  };
  const timer = setInterval(runOnce, tickMs);
  timer.unref();
  return {
    runOnce,
    stop: async () => {
      clearInterval(timer);
      stopping.abort();
      await running;
    },
  };
}

/** Each provider's people by themselves: one that does not answer keeps no other's waiting. */
async function confirmDuePeople(confirmEveryMs: number, signal: AbortSignal): Promise<void> {
  const providers = listProviders().filter((provider) => provider.flow === "oauth");
  const asked = providers.map((provider) => confirmPeopleOf(provider, confirmEveryMs, signal));
  for (const outcome of await Promise.allSettled(asked)) {
    if (outcome.status === "rejected") report(outcome.reason);
  }
}

async function confirmPeopleOf(
  provider: OAuthProvider,
  confirmEveryMs: number,
  signal: AbortSignal,
): Promise<void> {
  const confirmedBefore = new Date(Date.now() - confirmEveryMs);
  const unanswered: string[] = [];
  while (!signal.aborted) {
    const person = await takeDuePerson({ issuer: provider.issuer, confirmedBefore, except: unanswered });
    if (!person) return;
    if (!(await confirm(provider, person, signal))) unanswered.push(person.accountId);
  }
}

/** @returns whether there was a clear answer that was followed: one person's trouble is not the next one's. */
async function confirm(provider: OAuthProvider, person: DuePerson, signal: AbortSignal): Promise<boolean> {
  try {
    const confirmation = await provider.confirm({
      subject: person.subject,
      refreshToken: openRefreshToken(person.userId, person.refreshToken),
      keepRefreshToken: (next) => keepAnswer(() => keepRefreshToken(person, next), signal),
    });
    if (confirmation.kind === "withdrawn") await withdraw(person, confirmation.reason);
    else {
      if (confirmation.groups !== null) await takeOverGroups(person, confirmation.groups);
      await keepConfirmation(person);
    }
    await releasePerson(person);
    return true;
  } catch (error) {
    const about = { userId: person.userId, provider: provider.id };
    report(error, about);
    await releasePerson(person).catch((cause: unknown) => report(cause, about));
    return false;
  }
}

async function withdraw(
  { accountId, userId, refreshToken, wasBrokenOff }: DuePerson,
  why: string,
): Promise<void> {
  const brokenOff = wasBrokenOff
    ? "; an earlier question broke off, so that its refresh token may have been spent: signing in again gives access back"
    : "";
  const reason = `the identity provider no longer vouches for this person: ${recordableText(why)}${brokenOff}`;
  await withdrawPerson({ ctx, input: { id: userId, reason, redeemed: { accountId, refreshToken } } });
}

async function takeOverGroups({ userId: id }: DuePerson, { names, leftOut }: ClaimedGroups): Promise<void> {
  if (leftOut !== null) log.debug({ userId: id }, leftOut);
  await updatePersonGroups({ ctx, input: { id, groups: names } });
}

function report(error: unknown, about: object = {}): void {
  log.warn({ err: error, ...about }, "whether a person may still sign in could not be learnt");
}
