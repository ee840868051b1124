import { type FieldError, invalidValue } from "../http/status-error.ts";
import { fieldsOf, isFields, listOf, textOf } from "../objects/fields.ts";
import { ensureFields, setDefault } from "./setters.ts";
import type { Strategy } from "./strategy.ts";

export const definitionStrategy: Strategy = {
  setDefaults(definition) {
    const spec = ensureFields(definition, "spec");
    const names = ensureFields(spec, "names");
    setDefault(names, "singular", textOf(names.kind).toLowerCase());
    setDefault(names, "listKind", `${textOf(names.kind)}List`);
    setDefault(spec, "conversion", { strategy: "None" });
  },
  prepareForCreate(definition) {
    const names = fieldsOf(definition.spec?.names);
    const time = definition.metadata.creationTimestamp;
    definition.status = {
      conditions: [
        {
          type: "NamesAccepted",
          status: "True",
          lastTransitionTime: time,
          reason: "NoConflicts",
          message: "no conflicts found",
        },
        {
          type: "Established",
          status: "True",
          lastTransitionTime: time,
          reason: "InitialNamesAccepted",
          message: "the initial names have been accepted",
        },
      ],
      acceptedNames: { ...names },
      storedVersions: listOf(definition.spec?.versions)
        .filter(isFields)
        .filter((version) => version.storage === true)
        .map((version) => version.name),
    };
  },
  validate(definition): FieldError[] {
    const { names, group } = fieldsOf(definition.spec);
    const expected = `${textOf(fieldsOf(names).plural)}.${textOf(group)}`;
    if (definition.metadata.name === expected) return [];
    return [
      invalidValue("metadata.name", definition.metadata.name, `must be spec.names.plural+"."+spec.group`),
    ];
  },
};
