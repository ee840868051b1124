import { z } from "zod";

/** So many objects a manifest; the hour's next begins behind it, so that none grows without an end. */
const MOST_OBJECTS = 1_000;
/** Of a whole manifest. */
export const MOST_MANIFEST_BYTES = 1_000_000;

const ManifestObject = z.object({
  name: z.string(),
  /** Numbers of the first and of the last record; those between that are not in it were left out by the stream's filter, or are in no row any more. */
  from: z.int(),
  to: z.int(),
  records: z.int(),
  /** Before and after compression. */
  bytes: z.int(),
  storedBytes: z.int(),
  /** Of the object as it is stored, and of the lines in it, hex. */
  sha256: z.string(),
  contentSha256: z.string(),
});
export type ManifestObject = z.infer<typeof ManifestObject>;

export const Manifest = z.object({
  version: z.literal(1),
  installation: z.string(),
  stream: z.object({ id: z.string(), name: z.string() }),
  objects: z.array(ManifestObject),
});
export type Manifest = z.infer<typeof Manifest>;

/** `manifest.json`, `manifest-2.json`, … */
export const manifestName = (folder: string, page: number): string =>
  `${folder}manifest${page === 1 ? "" : `-${page}`}.json`;

export const isFull = ({ objects }: Manifest): boolean => objects.length >= MOST_OBJECTS;

/** The manifest with the object in it, in the place of an earlier one of its name. */
export function withObject(manifest: Manifest, object: ManifestObject): Manifest {
  const others = manifest.objects.filter(({ name }) => name !== object.name);
  return { ...manifest, objects: [...others, object] };
}
