import { type FieldError, requiredValue } from "../http/status-error.ts";
import { at, isFields, listOf } from "../objects/fields.ts";
import { bindingStrategy, roleStrategy } from "./access.ts";
import { configMapStrategy, secretStrategy } from "./configuration.ts";
import { definitionStrategy } from "./definitions.ts";
import { cronJobStrategy, jobStrategy } from "./jobs.ts";
import { namespaceStrategy } from "./namespaces.ts";
import { podStrategy, podTemplateStrategy } from "./pods.ts";
import { serviceStrategy } from "./services.ts";
import { ensureFields, setDefault } from "./setters.ts";
import type { Strategy } from "./strategy.ts";
import { claimStrategy, volumeStrategy } from "./volumes.ts";
import {
  daemonSetStrategy,
  deploymentStrategy,
  replicaSetStrategy,
  replicationControllerStrategy,
  statefulSetStrategy,
} from "./workloads.ts";

const ingressStrategy: Strategy = {
  prepareForCreate(ingress) {
    ingress.status = { loadBalancer: {} };
  },
  validate(ingress) {
    const { rules, defaultBackend } = ensureFields(ingress, "spec");
    if (listOf(rules).length > 0 || isFields(defaultBackend)) return [];
    const message = "either `defaultBackend` or `rules` must be specified";
    return [{ field: "spec", reason: "FieldValueInvalid", message: `Invalid value: []: ${message}` }];
  },
};

const autoscalerStrategy: Strategy = {
  setDefaults(autoscaler) {
    setDefault(ensureFields(autoscaler, "spec"), "minReplicas", 1);
  },
  prepareForCreate(autoscaler) {
    autoscaler.status = { currentReplicas: 0, desiredReplicas: 0, currentMetrics: null };
  },
  validate(autoscaler): FieldError[] {
    return at(autoscaler, "spec", "maxReplicas") === undefined ? [requiredValue("spec.maxReplicas")] : [];
  },
};

const disruptionBudgetStrategy: Strategy = {
  prepareForCreate(budget) {
    budget.status = { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 };
  },
};

const nodeStrategy: Strategy = {
  setDefaults(node) {
    ensureFields(node, "spec");
    node.metadata.labels = { ...node.metadata.labels, "kubernetes.io/hostname": node.metadata.name };
  },
};

const storageClassStrategy: Strategy = {
  setDefaults(storageClass) {
    setDefault(storageClass, "reclaimPolicy", "Delete");
    setDefault(storageClass, "volumeBindingMode", "Immediate");
  },
};

const returned: Strategy = { returnsDeleted: true };

const strategies: Record<string, Strategy> = {
  "/pods": podStrategy,
  "/podtemplates": podTemplateStrategy,
  "/services": serviceStrategy,
  "/configmaps": configMapStrategy,
  "/secrets": secretStrategy,
  "/namespaces": namespaceStrategy,
  "/nodes": nodeStrategy,
  "/persistentvolumeclaims": claimStrategy,
  "/persistentvolumes": volumeStrategy,
  "/replicationcontrollers": replicationControllerStrategy,
  "/serviceaccounts": returned,
  "/resourcequotas": returned,
  "apps/deployments": deploymentStrategy,
  "apps/replicasets": replicaSetStrategy,
  "apps/daemonsets": daemonSetStrategy,
  "apps/statefulsets": statefulSetStrategy,
  "batch/jobs": jobStrategy,
  "batch/cronjobs": cronJobStrategy,
  "networking.k8s.io/ingresses": ingressStrategy,
  "autoscaling/horizontalpodautoscalers": autoscalerStrategy,
  "policy/poddisruptionbudgets": disruptionBudgetStrategy,
  "rbac.authorization.k8s.io/rolebindings": bindingStrategy,
  "rbac.authorization.k8s.io/clusterrolebindings": bindingStrategy,
  "rbac.authorization.k8s.io/roles": roleStrategy,
  "rbac.authorization.k8s.io/clusterroles": roleStrategy,
  "storage.k8s.io/storageclasses": storageClassStrategy,
  "apiextensions.k8s.io/customresourcedefinitions": definitionStrategy,
};

const plain: Strategy = {};

export function strategyOf(storage: string): Strategy {
  return strategies[storage] ?? plain;
}
