import { nameSetting } from "../lib/config/read-settings.ts";
import { settings } from "../lib/config/settings.ts";
import { type Config, ConfigError } from "../lib/config.ts";
import { connectDatabase } from "../lib/db/connection.ts";
import { migrateDatabase } from "../lib/db/migrate.ts";
import { startNotifications } from "../lib/db/notifications.ts";
import { log } from "../lib/log.ts";

/** Migrates the database and connects the process to it. */
export async function openDatabase({ database }: Config): Promise<void> {
  if (database.url === null) {
    const { url } = settings.database;
    throw new ConfigError([
      `${nameSetting(url)} is not set: takes ${url.kind.takes}; npm start runs a PostgreSQL of its own`,
    ]);
  }
  const applied = await migrateDatabase(database.url);
  if (applied.length > 0) log.info({ migrations: applied }, "migrated the database");
  connectDatabase(database.url, database.connections);
  await startNotifications();
}
