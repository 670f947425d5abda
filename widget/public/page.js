// The examples of the page: each asks its question in the chat. And the tags to copy name this server.
const chat = document.querySelector("skinfo-chat");

for (const example of document.querySelectorAll("[data-ask]")) {
  example.addEventListener("click", async () => {
    await customElements.whenDefined("skinfo-chat");
    chat.ask(example.dataset.ask);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    chat.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  });
}

for (const origin of document.querySelectorAll("[data-origin]")) origin.textContent = location.origin;
