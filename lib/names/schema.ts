import { z } from "zod";

/** Control characters, line separators, and what changes the direction of the text around it (Unicode TR9, section 2). */
export const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;

export const UNSEEN_REFUSED =
  "takes a name without control characters and without marks that change the direction of text";

/** Whether every character of a text shows itself and leaves the others where they are. */
export function isSeen(text: string): boolean {
  return !UNSEEN.test(text);
}

/**
 * A name that a person gives to something. It stands beside other texts in lists, in the record and in questions: what cannot be seen,
 * or reorders the texts around it, would let one name pass for another (as CVE-2021-42574 does in source code).
 */
export const nameText = (most: number) =>
  z
    .string(`takes a name of 1 to ${most} characters`)
    .trim()
    .min(1, `takes a name of 1 to ${most} characters`)
    .max(most, `takes a name of 1 to ${most} characters`)
    .refine(isSeen, UNSEEN_REFUSED);

/** RFC 1123 label, as Kubernetes takes a namespace's name. */
export const NamespaceName = z
  .string("takes the name of a namespace")
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "takes the name of a namespace: a-z, 0-9 and -");

/** Which of the configured identity providers is meant; whether there is one is for the configuration to say. */
export const ProviderId = z.string("takes the id of an identity provider").min(1).max(32);

/** An e-mail address is the person's name in every cluster: it cannot look like one of Kubernetes' own users. */
export const PersonEmail = z
  .email("takes an e-mail address")
  .max(254)
  .transform((email) => email.toLowerCase());

// https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set

/** A label's key, such as `env` or `example.com/team`. */
export const LABEL_KEY =
  /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

/** A label's value, which may be empty. */
export const LABEL_VALUE = /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;

/** What a tag of a tunnel's agents is: a value of a Kubernetes label, and not empty. */
const AGENT_TAG_TAKES = "takes a tag: 1 to 63 of letters, digits, . _ - with a letter or digit at the ends";
export const AgentTag = z.string(AGENT_TAG_TAKES).min(1, AGENT_TAG_TAKES).regex(LABEL_VALUE, AGENT_TAG_TAKES);
