import { describe, expect, it } from "vitest";
import { parseCommandStatus } from "./remotecommand-status.ts";

const parse = (text: string) => parseCommandStatus(Buffer.from(text));

describe("parseCommandStatus", () => {
  it("reads success and exit codes", () => {
    expect(parse('{"metadata":{},"status":"Success"}')).toEqual({ exitCode: 0, message: "", reason: "" });
    expect(
      parse(
        '{"status":"Failure","message":"m","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"7"}]}}',
      ),
    ).toEqual({ exitCode: 7, message: "m", reason: "NonZeroExitCode" });
  });

  it("has no exit code where the command never ran, or where the code is not one", () => {
    expect(
      parse('{"status":"Failure","message":"m","reason":"InternalError","code":500}').exitCode,
    ).toBeNull();
    for (const details of [
      "null",
      "{}",
      '{"causes":1}',
      '{"causes":[null]}',
      '{"causes":[{"reason":"ExitCode","message":"x"}]}',
    ]) {
      expect(
        parse(`{"status":"Failure","reason":"NonZeroExitCode","details":${details}}`).exitCode,
      ).toBeNull();
    }
  });

  it("takes the text of older protocols, and anything else, as the message", () => {
    expect(parse("command terminated")).toEqual({
      exitCode: null,
      message: "command terminated",
      reason: "",
    });
    expect(parse("[1]").message).toBe("[1]");
    expect(parse("")).toEqual({ exitCode: null, message: "", reason: "" });
  });
});
