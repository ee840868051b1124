/** There is something to send. */
export const WEBHOOK_CHANNEL = "kubewitness_webhooks";
