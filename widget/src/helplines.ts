/** Emergency numbers by country, taken from the project's facts/helplines.yml when the chat is built. */
declare const EMERGENCY_NUMBERS: Readonly<Record<string, readonly string[]>>;

/** The country's own numbers; none where it is not known. */
export function emergencyNumbersOf(country: string | null): readonly string[] {
  return (country && EMERGENCY_NUMBERS[country.toUpperCase()]) || [];
}
