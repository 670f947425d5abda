/** Every word that the chat says by itself. What the bot says comes from the server. */

const en = {
  /** How times and dates are written where the page names no region. */
  locale: "en-GB",
  title: "Skinfo",
  subtitle: "Information, not a diagnosis",
  launcher: "Ask about a skin bump",
  close: "Close the chat",
  conversation: "Conversation",
  inputLabel: "Your question",
  send: "Send",
  more: "More",
  restart: "Start again",
  deleteConversation: "Delete my conversation",
  save: "Save as text",
  print: "Print",
  keep: "Keep on this device",
  keepHint: "Leave this off on a shared computer.",
  deleteQuestion: "Delete this conversation, here and on the server?",
  deleteYes: "Delete",
  deleteNo: "Keep it",
  deleting: "Deleting…",
  deleted: "Your conversation was deleted, here and on the server.",
  deleteFailed: "It could not be deleted on the server just now, so it is still here. Please try again.",
  newConversation: "Start a new conversation",
  you: "You",
  bot: "Skinfo",
  typing: "Looking that up",
  slow: "This is taking longer than usual. Still trying.",
  retry: "Try again",
  edit: "Change my question",
  copy: "Copy this answer",
  copyShort: "Copy",
  copied: "Copied",
  copyFailed: "Could not be copied",
  rate: "Did this answer help?",
  helpful: "Helpful",
  notHelpful: "Not helpful",
  rated: "Thank you. Only the vote is counted, nothing that you wrote.",
  rateFailed: "Your vote could not be sent. Please try again.",
  sources: "Sources",
  checked: "checked",
  newTab: "opens in a new tab",
  suggestions: "You could ask",
  call: "Call",
  resumed: "The earlier conversation had ended, so a new one was started. It does not know what was said before.",
  urgency: {
    emergency: "Emergency",
    same_day: "Urgent: today",
    see_doctor: "See a doctor",
    none: "Please read this first",
  },
  support: "Support",
  failed: {
    offline: "You are offline. Your question is kept here and goes out when you are back online.",
    unreachable: "The server cannot be reached just now. Your question is kept here.",
    timeout: "No answer came in time. Your question is kept here.",
    interrupted: "The page was reloaded before the answer came. Your question is kept here.",
    server: "Something went wrong on the server. Your question is kept here.",
    refused: "The server did not accept that message.",
  },
  failedWelcome: {
    offline: "You are offline. The chat starts when you are back online.",
    unreachable: "The server cannot be reached just now, so the chat could not start.",
    timeout: "The server took too long, so the chat could not start.",
    interrupted: "The page was reloaded before the chat had started.",
    server: "Something went wrong on the server, so the chat could not start.",
    refused: "The server did not start a conversation.",
  },
  emergencyTitle: "If it could be an emergency:",
  /** The country is not known here, so every one of these is named. */
  emergency: "do not wait for this chat, call your local emergency number:",
  emergencyNumbers: [
    { number: "112", where: "Europe and others" },
    { number: "911", where: "US, Canada" },
    { number: "999", where: "UK" },
    { number: "000", where: "Australia" },
  ],
  /** Where the country is known, its own numbers follow. */
  emergencyHere: "do not wait for this chat, call now:",
  disclaimer:
    "This is general information, not a diagnosis, and no clinician has reviewed it yet. If you are worried, ask a health professional.",
};

export type Strings = typeof en;

const tables: Record<string, Strings> = { en };

/** A tag that the browser can write dates in: the page's own if it is one, else the table's. */
export function localeFor(language: string | null, strings: Strings): string {
  try {
    return language?.includes("-") ? (Intl.getCanonicalLocales(language)[0] ?? strings.locale) : strings.locale;
  } catch {
    return strings.locale;
  }
}

/** The table for a language tag such as `en-GB`; English where there is none yet. */
export function stringsFor(language: string | null): Strings {
  const primary = (language ?? "").toLowerCase().split("-")[0] ?? "";
  return tables[primary] ?? en;
}
