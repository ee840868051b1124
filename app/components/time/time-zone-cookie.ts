/** The time zone that the viewer chose; absent while the browser's own is followed. */
export const TIME_ZONE_COOKIE = "kubewitness-time-zone";
