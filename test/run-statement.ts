import pg from "pg";

/** Runs one statement over a connection of its own: what makes or drops a database takes no part in another. */
export async function runStatement(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
