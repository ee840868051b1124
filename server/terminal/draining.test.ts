import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../../lib/gateway/testing/memory-recorder.ts";
import { startTerminalLab, type TerminalLab } from "./testing/terminal-lab.ts";

let lab: TerminalLab;

beforeAll(async () => {
  lab = await startTerminalLab();
}, 120_000);
afterAll(() => lab.close());

test("draining ends every terminal, also one that is being opened, and opens none any more", async () => {
  const alice = await lab.signIn();
  const { client } = await lab.start(alice);
  const opening = lab.open(alice);
  const refused = expect(opening).rejects.toMatchObject({ code: "unavailable" });
  await lab.terminals.drain();
  await until(() => client.of("ended").length > 0, "the end");
  expect(client.of("ended")).toMatchObject([{ kind: "draining" }]);
  await refused;
  await expect(lab.open(alice)).rejects.toMatchObject({ code: "unavailable" });
  expect(lab.terminals.list(alice.ctx)).toEqual([]);
  const endings = async () => (await lab.installation.pool.query("select ending from recording")).rows;
  await expect.poll(endings).toEqual([{ ending: 4 }, { ending: 4 }]);
  const running = await lab.installation.pool.query("select 1 from recording_running");
  expect(running.rows).toEqual([]);
});
