import { z } from "zod";
import { describeDestination } from "../destination/schema.ts";

const MEGABYTES = "takes a whole number of megabytes from 1 to 10000";
const FILES = "takes a whole number of files from 1 to 1000";

export const FileSettings = z.strictObject({
  rotateAtMegabytes: z.int(MEGABYTES).min(1, MEGABYTES).max(10_000, MEGABYTES).default(100),
  keepFiles: z.int(FILES).min(1, FILES).max(1_000, FILES).default(30),
});
export const FileSecrets = z.strictObject({});

export const FILE = describeDestination({
  kind: "file",
  title: "File",
  about: "JSON lines in a folder of this machine, for a shipper that reads files.",
  settings: FileSettings,
  secrets: FileSecrets,
  settingsFields: [
    {
      name: "rotateAtMegabytes",
      label: "Next file at",
      hint: "Megabytes. A file that is full is closed, and the next one begun.",
      input: "number",
    },
    { name: "keepFiles", label: "Files kept", hint: "The oldest are removed.", input: "number" },
  ],
  secretFields: [],
  addressFields: [],
  batch: { records: 1_000, bytes: 1_048_576, seconds: 1 },
});
