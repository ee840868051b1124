import type { Outcome } from "../destination/outcome.ts";
import type { Answer } from "../http/receiver.ts";
import type { Bucket } from "./bucket.ts";
import { isOfTests } from "./hours.ts";
import {
  isFull,
  Manifest,
  type ManifestObject,
  MOST_MANIFEST_BYTES,
  manifestName,
  withObject,
} from "./manifest.ts";

interface Open {
  folder: string;
  page: number;
  manifest: Manifest;
}

type Judge = (answer: Answer) => Outcome | null;

/** The manifests of hours. The hour that is written is kept in memory: another is read first, as it may have objects already. */
export class Manifests {
  readonly #bucket: Bucket;
  readonly #prefix: string;
  readonly #judge: Judge;
  readonly #stream: Manifest["stream"];
  #open: Open | null = null;

  constructor(
    bucket: Bucket,
    { prefix, judge, stream }: { prefix: string; judge: Judge; stream: Manifest["stream"] },
  ) {
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.#judge = judge;
    this.#stream = stream;
  }

  /** Before an object is stored in an hour's folder. Resolves with why none may be; null: it may. */
  async open(
    folder: string,
    { installation, signal }: { installation: string; signal: AbortSignal },
  ): Promise<Outcome | null> {
    if (this.#open?.folder === folder) return null;
    const found = await this.#find(folder, installation, signal);
    if ("is" in found) return found;
    this.#open = found;
    return null;
  }

  /** Names an object that is stored in the folder that is open. Resolves with why it was not named; null: it is. */
  async add(object: ManifestObject, signal: AbortSignal): Promise<Outcome | null> {
    const { folder } = this.#open!;
    let { page, manifest } = this.#open!;
    const known = manifest.objects.some(({ name }) => name === object.name);
    if (!known && isFull(manifest)) {
      page += 1;
      manifest = { ...manifest, objects: [] };
    }
    const next = { folder, page, manifest: withObject(manifest, object) };
    const body = Buffer.from(`${JSON.stringify(next.manifest, null, 1)}\n`);
    const name = `${this.#prefix}${manifestName(folder, page)}`;
    const refused = this.#judge(await this.#bucket.put(name, { body, type: "application/json" }, signal));
    // What is kept is what is stored: unsure, it is read again.
    this.#open = refused ? null : next;
    return refused;
  }

  /** The hour's last manifest, or a new one. */
  async #find(folder: string, installation: string, signal: AbortSignal): Promise<Open | Outcome> {
    const none: Manifest = { version: 1, installation, stream: this.#stream, objects: [] };
    let found: Open = { folder, page: 1, manifest: none };
    for (let page = 1; ; page++) {
      const name = `${this.#prefix}${manifestName(folder, page)}`;
      const answer = await this.#bucket.get(name, MOST_MANIFEST_BYTES, signal);
      if (isNoObject(answer)) return found;
      const refused = this.#judge(answer);
      if (refused) return withAdvice(refused, answer);
      const manifest = readManifest(answer);
      if (manifest === null) return noManifest(name);
      if (manifest.stream.id !== this.#stream.id && !isOfTests(folder)) return ofAnother(name, manifest);
      found = { folder, page, manifest };
      if (!isFull(manifest)) return found;
    }
  }
}

/** Who may not list a bucket is told 403 of what is not there. */
function withAdvice(refused: Outcome, { status, body }: Answer): Outcome {
  if (refused.is !== "refused" || status !== 403 || !body.includes("AccessDenied")) return refused;
  return {
    ...refused,
    reason: `${refused.reason}; to read manifests it needs s3:GetObject, and s3:ListBucket where one is not there yet`,
  };
}

/** A bucket that is not there is answered with 404 as well. */
const isNoObject = ({ status, body }: Answer) =>
  status === 404 && !body.toString("utf8").includes("NoSuchBucket");

function readManifest({ body, cut }: Answer): Manifest | null {
  if (cut) return null;
  try {
    return Manifest.parse(JSON.parse(body.toString("utf8")));
  } catch {
    return null;
  }
}

const noManifest = (name: string): Outcome => ({
  is: "refused",
  because: "access",
  reason: `${name} is there already and is no manifest: give the stream a prefix of its own`,
});

/** Two streams would overwrite each other's objects and manifests. */
const ofAnother = (name: string, { installation, stream }: Manifest): Outcome => ({
  is: "refused",
  because: "access",
  reason: `${name} is of another stream (${stream.name} of ${installation}): give this one a prefix of its own`,
});
