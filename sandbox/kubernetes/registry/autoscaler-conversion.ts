import { at, compact, fieldsOf, isFields, listOf } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import type { Conversion } from "./resource.ts";

function cpuUtilization(target: unknown) {
  return {
    type: "Resource",
    resource: { name: "cpu", target: { type: "Utilization", averageUtilization: target } },
  };
}

function isCpu(metric: unknown): boolean {
  return isFields(metric) && at(metric, "resource", "name") === "cpu";
}

/** `autoscaling/v1` knows one metric, the CPU's; `autoscaling/v2` is what is stored. */
export const autoscalerConversion: Conversion = {
  toStorage(object: KubeObject): KubeObject {
    const { targetCPUUtilizationPercentage: target, ...spec } = fieldsOf(object.spec);
    const metrics = target === undefined ? spec.metrics : [cpuUtilization(target)];
    return { ...object, apiVersion: "autoscaling/v2", spec: compact({ ...spec, metrics }) };
  },
  fromStorage(object: KubeObject): KubeObject {
    const { metrics, behavior: _behavior, ...spec } = fieldsOf(object.spec);
    const cpu = listOf(metrics).find(isCpu);
    const targetCPUUtilizationPercentage = at(cpu, "resource", "target", "averageUtilization");
    const { currentMetrics, conditions: _conditions, ...status } = fieldsOf(object.status);
    const current = at(listOf(currentMetrics).find(isCpu), "resource", "current", "averageUtilization");
    return {
      ...object,
      apiVersion: "autoscaling/v1",
      spec: compact({ ...spec, targetCPUUtilizationPercentage }),
      status: compact({ ...status, currentCPUUtilizationPercentage: current }),
    };
  },
};
