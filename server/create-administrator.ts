import { type Config, installConfig } from "../lib/config.ts";
import { systemContext } from "../lib/context.ts";
import { disconnectDatabase } from "../lib/db/connection.ts";
import { stopNotifications } from "../lib/db/notifications.ts";
import { AppError } from "../lib/errors.ts";
import { createAdministrator } from "../lib/identity/local/people/mutations.ts";
import { AddLocalPersonInput } from "../lib/identity/local/schema.ts";
import { openDatabase } from "./open-database.ts";

/**
 * Makes a local administrator, or gives one that there is a new one-time code, and prints where it is used. Beside an installation that serves, too: it
 * touches nothing but the database.
 * @throws AppError `invalid_argument`, `conflict` in the demo.
 */
export async function createAdministratorByCommand(
  config: Config,
  { email, name }: { email: string; name?: string },
): Promise<void> {
  if (config.demo) {
    throw new AppError(
      "conflict",
      "--create-administrator is not for the demo, whose people sign in without a password: configure an identity provider, or set local.first_visit (KUBEWITNESS_LOCAL_FIRST_VISIT) to true",
    );
  }
  const input = readInput({ email, name: name ?? email });
  installConfig(config);
  await openDatabase(config);
  try {
    const offer = await createAdministrator({ ctx: systemContext("command line"), input });
    process.stdout.write(
      [
        "",
        `  ${offer.email} is to be a local administrator of this installation.`,
        "  Choose a password and set up an authenticator app there, within an hour:",
        "",
        `    ${offer.url}`,
        "",
        `  or enter this code at ${offer.url.split("#")[0]}, once: ${offer.code}`,
        "",
        "",
      ].join("\n"),
    );
  } finally {
    await stopNotifications();
    await disconnectDatabase();
  }
}

function readInput(given: { email: string; name: string }) {
  const parsed = AddLocalPersonInput.pick({ email: true, name: true }).safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const option = issue?.path[0] === "name" ? "--name" : "--create-administrator";
  throw new AppError("invalid_argument", `${option}: ${issue?.message}`);
}
