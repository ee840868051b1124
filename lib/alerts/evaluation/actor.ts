/** Who has an alert's firing in Event History. */
export const ALERTS_ACTOR = "Alerts";
