import { createHash } from "node:crypto";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { networkOf } from "../../http/ip-address.ts";

/** What can be guessed, and whose or from where. */
export interface AttemptKey {
  /** password: an account's, also of one that there is not. factor: a person's second one. passkey: to sign in. set-up: a one-time code. device: a code that a device shows. */
  of: "password" | "factor" | "passkey" | "set-up" | "device";
  /** An e-mail address, a person's id, or the client's address. */
  subject: { account: string } | { address: string | null };
}

/** So many may fail before the next has to wait. Many people may share an address. */
const FREE = { account: 5, address: 20 };
const FIRST_WAIT_SECONDS = 5;
const LONGEST_WAIT_SECONDS = 15 * 60;
/** So many accounts and addresses are counted; of more, those that failed longest ago are forgotten. */
const MOST_KEPT = 20_000;

interface Counted {
  failures: number;
  waitSeconds: number;
}

/**
 * Takes an attempt before it is looked at: it counts as failed until `clearAttempts` says otherwise, so that many at once are no more than one
 * after the other. After some that failed, each has to wait twice as long as the one before, a quarter of an hour at the most.
 * @throws AppError `resource_exhausted` with the seconds to wait. What is refused so counts for nothing.
 */
export async function takeAttempt(...keys: AttemptKey[]): Promise<void> {
  for (const key of keys) await take(key);
}

async function take(key: AttemptKey): Promise<void> {
  const free = "account" in key.subject ? FREE.account : FREE.address;
  const [taken] = await database().$queryRaw<Counted[]>`
    insert into attempt_counts as c (key, failures, locked_until, updated_at) values (${nameOf(key)}, 1, 'epoch', now())
    on conflict (key) do update set
      failures = case when c.updated_at < now() - interval '1 day' then 1 else least(c.failures + 1, 1000) end,
      locked_until = case when c.updated_at < now() - interval '1 day' or c.failures + 1 < ${free} then 'epoch'
        else now() + make_interval(secs => least(${LONGEST_WAIT_SECONDS}::float, ${FIRST_WAIT_SECONDS} * power(2, least(c.failures + 1 - ${free}, 20)))) end,
      updated_at = now()
    where c.locked_until <= now()
    returning failures, 0 as "waitSeconds"`;
  if (taken) {
    if (taken.failures === 1) await forgetOld();
    return;
  }
  throw await refusal(key);
}

async function refusal(key: AttemptKey): Promise<AppError> {
  const [counted] = await database().$queryRaw<Counted[]>`
    select failures, greatest(1, ceil(extract(epoch from locked_until - now())))::int as "waitSeconds"
    from attempt_counts where key = ${nameOf(key)}`;
  const retryAfterSeconds = counted?.waitSeconds ?? 1;
  const whose = "account" in key.subject ? "this account" : "this address";
  return new AppError(
    "resource_exhausted",
    `Too many attempts of ${whose} failed. Try again in ${retryAfterSeconds} seconds.`,
    { retryAfterSeconds },
  );
}

/** The attempt was right: the account starts anew; of the address this one is taken back, since others may guess from there. */
export async function clearAttempts(...keys: AttemptKey[]): Promise<void> {
  for (const key of keys) {
    if ("account" in key.subject) {
      await database().$executeRaw`delete from attempt_counts where key = ${nameOf(key)}`;
    } else {
      await database()
        .$executeRaw`update attempt_counts set failures = greatest(failures - 1, 0), locked_until = 'epoch' where key = ${nameOf(key)}`;
    }
  }
}

async function forgetOld(): Promise<void> {
  await database().$executeRaw`
    delete from attempt_counts where updated_at < now() - interval '1 day'
      or key in (select key from attempt_counts order by locked_until desc, updated_at desc offset ${MOST_KEPT})`;
}

/** What somebody wrote is kept by its hash: it may be a password in the wrong field. */
function nameOf({ of, subject }: AttemptKey): string {
  if ("address" in subject) return `${of}/address/${networkOf(subject.address)}`;
  const hash = createHash("sha256").update(subject.account.toLowerCase(), "utf8").digest("hex");
  return `${of}/account/${hash}`;
}
