import { fieldsOf } from "../objects/fields.ts";
import type { Strategy } from "./strategy.ts";

export const namespaceStrategy: Strategy = {
  returnsDeleted: true,
  setDefaults(namespace) {
    namespace.metadata.labels = {
      ...namespace.metadata.labels,
      "kubernetes.io/metadata.name": namespace.metadata.name,
    };
  },
  prepareForCreate(namespace) {
    namespace.spec = { ...fieldsOf(namespace.spec), finalizers: ["kubernetes"] };
    namespace.status = { phase: "Active" };
  },
};
