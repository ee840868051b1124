/** There is something to send. */
export const ALERT_CHANNEL = "kubewitness_alerts";
