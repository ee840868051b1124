import { recordEventAlone } from "../../audit/events/record.ts";
import { type Context, systemContext } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { networkOf } from "../../http/ip-address.ts";
import { log } from "../../log.ts";
import { processState } from "../../process-state.ts";
import { recordableText } from "./recordable-text.ts";
import { FailureWindows, type UnrecordedFailures } from "./windows.ts";

const WINDOW_MS = 60_000;
const LIMITS = { windowMs: WINDOW_MS, recordedOfNetwork: 10, recordedInAll: 500, networks: 10_000 };
/** After so many failures within a minute, an address gets no answer to a credential until the minute is over. */
const MAX_ATTEMPTS = 20;
/** Networks with an event of their own about what was counted; those beyond have one together. */
const MAX_SUMMARIES = 100;

interface State {
  windows: FailureWindows;
  timer: NodeJS.Timeout | null;
}

const state = processState<State>("identity/failed-authentication", () => ({
  windows: new FailureWindows(LIMITS),
  timer: null,
}));

export interface FailedAuthentication {
  /** Never the credential. */
  error: string;
  entityId?: string | null;
  entityName?: string | null;
  /** The id of the provider that somebody wanted to sign in with. */
  provider?: string;
}

/**
 * Records a failed authentication: the first ones of an address in a minute as an event each, those that follow as one event
 * a minute that says how many they were, so that nobody can flood Event History and nothing goes unsaid. `ctx.actor` is anonymous.
 */
export async function recordFailedAuthentication(ctx: Context, failure: FailedAuthentication): Promise<void> {
  const network = networkOf(ctx.sourceIp);
  const recorded = state.windows.count(network, Date.now());
  watch();
  if (!recorded) return;
  try {
    await recordEventAlone(withoutSecrets(ctx), {
      action: "Login",
      entityType: "Login",
      status: "Failed",
      entityId: failure.entityId,
      entityName: orNull(failure.entityName),
      error: recordableText(failure.error),
      requestBody: failure.provider === undefined ? undefined : { provider: failure.provider },
    });
  } catch (error) {
    state.windows.leaveUnrecorded(network, Date.now());
    throw error;
  }
}

/** The name that was tried, and the client's own, are whatever somebody wrote there. */
function withoutSecrets(ctx: Context): Context {
  const userAgent = orNull(ctx.userAgent);
  if (ctx.actor.kind !== "anonymous" || ctx.actor.claimed === undefined) return { ...ctx, userAgent };
  return { ...ctx, userAgent, actor: { kind: "anonymous", claimed: recordableText(ctx.actor.claimed) } };
}

const orNull = (text: string | null | undefined) => (text ? recordableText(text) : null);

/**
 * Where a credential can be guessed: before it is looked at.
 * @throws AppError `resource_exhausted` with the seconds to wait, for an address that failed too often. The attempt counts as failed.
 */
export function requireAttemptsLeft({ sourceIp }: Context): void {
  const network = networkOf(sourceIp);
  const { failures, remainingMs } = state.windows.failuresOf(network, Date.now());
  if (failures < MAX_ATTEMPTS) return;
  state.windows.count(network, Date.now());
  watch();
  const retryAfterSeconds = Math.ceil(remainingMs / 1_000);
  throw new AppError(
    "resource_exhausted",
    `Too many failed authentications came from this address. Try again in ${retryAfterSeconds} seconds.`,
    { retryAfterSeconds },
  );
}

/** Writes the events about what was counted alone: once a minute, and when the process ends. */
export async function recordCountedFailures(): Promise<void> {
  const taken = state.windows.takeUnrecorded(Date.now());
  for (const each of [...taken.slice(0, MAX_SUMMARIES), ...together(taken.slice(MAX_SUMMARIES))]) {
    try {
      await recordEventAlone(contextOf(each), {
        action: "Login",
        entityType: "Login",
        status: "Failed",
        error: describe(each),
      });
    } catch (error) {
      log.error({ err: error }, "counted authentication failures could not be recorded; they are kept");
      state.windows.putBack(each, Date.now());
    }
  }
}

function contextOf({ network }: UnrecordedFailures): Context {
  return { ...systemContext("sign-in"), actor: { kind: "anonymous" }, sourceIp: network };
}

function describe({ network, failures, since }: UnrecordedFailures): string {
  const from = network === null ? "from many other addresses" : "from this address";
  return `${failures} more failed authentications ${from} since ${new Date(since).toISOString()} were counted and not recorded one by one`;
}

function together(rest: UnrecordedFailures[]): UnrecordedFailures[] {
  if (rest.length === 0) return [];
  const failures = rest.reduce((sum, each) => sum + each.failures, 0);
  return [{ network: null, failures, since: Math.min(...rest.map(({ since }) => since)) }];
}

/** Looks again in a minute, as long as there is something to tell or to forget. */
function watch(): void {
  if (state.timer !== null) return;
  state.timer = setTimeout(async () => {
    await recordCountedFailures();
    state.timer = null;
    if (!state.windows.isEmpty) watch();
  }, WINDOW_MS);
  state.timer.unref();
}

/** Tells what was counted, and stops looking. */
export async function stopFailedAuthentication(): Promise<void> {
  if (state.timer !== null) clearTimeout(state.timer);
  state.timer = null;
  await recordCountedFailures();
}
