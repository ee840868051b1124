import { z } from "zod";

// Browser-safe: the console's forms and the API parse with the same schemas.

/** At most so many projects, departments and node pools, of each: every process has them in memory. */
export const MOST_OF_A_KIND = 1_000;

const LABEL_KEY = /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;
const LABELS_TAKEN = 'takes labels as Kubernetes has them, such as {"team": "payments"}';

/**
 * Labels that something must all have, each with this value.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
export const Labels = z
  .record(
    z.string().regex(LABEL_KEY, LABELS_TAKEN),
    z.string(LABELS_TAKEN).regex(LABEL_VALUE, LABELS_TAKEN),
    LABELS_TAKEN,
  )
  .refine((labels) => Object.keys(labels).length <= 20, "takes at most 20 labels");
export type Labels = z.infer<typeof Labels>;

/** A cluster's name; each `*` stands for any characters, none among them. */
export const ClusterPattern = z
  .string("takes the name of a cluster, or a pattern such as prod-*")
  .regex(/^[A-Za-z0-9*._-]{1,63}$/, "takes the name of a cluster, or a pattern such as prod-*");

/** A namespace's name (RFC 1123 label); each `*` stands for any characters, none among them. */
export const NamespacePattern = z
  .string("takes the name of a namespace, or a pattern such as team-a-*")
  .regex(
    /^[a-z0-9*]([a-z0-9*-]{0,61}[a-z0-9*])?$/,
    "takes the name of a namespace, or a pattern such as team-a-*",
  );

/** Which clusters: of one of these names, and with all of these labels. An empty list or no labels ask for nothing. */
export const clusterSelector = {
  clusters: z.array(ClusterPattern).max(100, "takes at most 100 clusters").default([]),
  clusterLabels: Labels.default({}),
};

/** A text of a person's about what they made. */
export const Description = z.string("takes a text").trim().max(500, "takes at most 500 characters");

/** What of a list is asked for. */
export const ListScopesQuery = z.strictObject({
  /** A part of the name or the description, in any case. */
  search: z.string().max(200, "takes at most 200 characters").optional(),
  limit: z.coerce
    .number("takes 1 to 1000")
    .int("takes 1 to 1000")
    .min(1, "takes 1 to 1000")
    .max(1_000, "takes 1 to 1000")
    .default(100),
  offset: z.coerce
    .number("takes 0 or more")
    .int("takes 0 or more")
    .min(0, "takes 0 or more")
    .max(1_000_000, "takes 0 to 1000000")
    .default(0),
});
export type ListScopesQuery = z.input<typeof ListScopesQuery>;

/** A thing by its id, and its name now. */
export const Named = z.object({ id: z.uuid(), name: z.string() });
export type Named = z.infer<typeof Named>;
