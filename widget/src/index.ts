import { SkinfoEntry } from "./entry";
import { SkinfoChat } from "./widget";

// A page may load the file twice, under two addresses.
if (!customElements.get("skinfo-entry")) customElements.define("skinfo-entry", SkinfoEntry);
if (!customElements.get("skinfo-chat")) customElements.define("skinfo-chat", SkinfoChat);

export { SkinfoChat };
