import { schemas } from "../../../../lib/identity/scim/protocol/described.ts";
import { listAnswer } from "../../../../lib/identity/scim/protocol/list-answer.ts";
import { handleScim } from "../handle-scim.ts";

export const GET = handleScim(null, async () => {
  const all = schemas();
  return { body: listAnswer(all, { total: all.length, startIndex: 1 }) };
});
