import { optional, setting } from "./setting.ts";
import * as value from "./values.ts";

/** The settings of the recordings of sessions: `recordings.*`. */
export const recordingSettings = {
  seal: setting({
    yaml: "recordings.seal",
    env: "KUBEWITNESS_RECORDINGS_SEAL",
    kind: value.yesOrNo,
    default: false,
    meaning:
      "Whether what is recorded from now on is sealed with `encryption.key`, wherever it is kept; what is searched is not.",
  }),
  search: setting({
    yaml: "recordings.search",
    env: "KUBEWITNESS_RECORDINGS_SEARCH",
    kind: value.yesOrNo,
    default: true,
    meaning:
      "Whether the text of recordings is kept in PostgreSQL to be searched, which is never sealed. Without it, neither what was typed nor what was shown is found.",
  }),
  store: setting({
    yaml: "recordings.store",
    env: "KUBEWITNESS_RECORDINGS_STORE",
    kind: value.oneOf(["database", "directory", "bucket"]),
    default: "database" as "database" | "directory" | "bucket",
    meaning:
      "Where recordings are kept, from now on, once they are prepared for playback; until then, all are in PostgreSQL.",
  }),
  directory: optional({
    yaml: "recordings.directory",
    env: "KUBEWITNESS_RECORDINGS_DIRECTORY",
    kind: value.text("the path of a folder that every replica reaches"),
    meaning: "Folder for `recordings.store: directory`; stays set as long as recordings lie there.",
  }),
  bucket: {
    endpoint: optional({
      yaml: "recordings.bucket.endpoint",
      env: "KUBEWITNESS_RECORDINGS_BUCKET_ENDPOINT",
      kind: value.origin,
      meaning:
        "Address of the S3-compatible storage for `recordings.store: bucket`; stays set, with all of `recordings.bucket`, as long as recordings lie there.",
    }),
    region: setting({
      yaml: "recordings.bucket.region",
      env: "KUBEWITNESS_RECORDINGS_BUCKET_REGION",
      kind: value.text("the storage's region, such as eu-central-1"),
      default: "us-east-1",
      meaning: "Region that requests are signed for.",
    }),
    name: optional({
      yaml: "recordings.bucket.name",
      env: "KUBEWITNESS_RECORDINGS_BUCKET_NAME",
      kind: value.bucketName,
      meaning: "Bucket that recordings are put into.",
    }),
    prefix: setting({
      yaml: "recordings.bucket.prefix",
      env: "KUBEWITNESS_RECORDINGS_BUCKET_PREFIX",
      kind: value.objectPrefix,
      default: "",
      defaultText: "none",
      meaning: "What the names of objects begin with.",
    }),
    accessKey: optional({
      yaml: "recordings.bucket.access_key",
      env: "KUBEWITNESS_RECORDINGS_BUCKET_ACCESS_KEY",
      kind: value.text("the id of an access key"),
      meaning: "Access key that may put, get and delete objects of the bucket.",
    }),
    secretKey: optional({
      yaml: "recordings.bucket.secret_key",
      env: "KUBEWITNESS_RECORDINGS_BUCKET_SECRET_KEY",
      kind: value.text("the secret of the access key"),
      meaning: "Its secret.",
      secret: true,
    }),
  },
};
