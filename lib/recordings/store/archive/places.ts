import type { Config } from "../../../config.ts";
import { AppError } from "../../../errors.ts";
import type { ArchivePlace, PlaceName } from "./archive-place.ts";
import { BucketPlace } from "./bucket-place.ts";
import { DirectoryPlace } from "./directory-place.ts";

type Recordings = Config["recordings"];

/**
 * The place of that name as it is configured, whatever `recordings.store` says now: what was kept there before is still read there.
 * @throws AppError `unavailable` where its settings are gone.
 */
export function placeOf({ directory, bucket }: Recordings, name: PlaceName): ArchivePlace {
  if (name === "directory") {
    if (directory === null) throw unset("recordings.directory");
    return new DirectoryPlace(directory);
  }
  const { endpoint, region, name: bucketName, prefix, accessKey, secretKey } = bucket;
  if (endpoint === null || bucketName === null || accessKey === null || secretKey === null)
    throw unset("recordings.bucket");
  return new BucketPlace({ endpoint, region, bucket: bucketName, prefix, accessKey, secretKey });
}

/** Where recordings are to be moved; null where they stay in PostgreSQL. */
export function placeToKeep(recordings: Recordings): ArchivePlace | null {
  return recordings.store === "database" ? null : placeOf(recordings, recordings.store);
}

const unset = (setting: string) =>
  new AppError(
    "unavailable",
    `The recording is kept where ${setting} said, which is not set any more: set it again as it was.`,
  );
