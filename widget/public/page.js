// The examples of the page: each asks its question in the chat.
const chat = document.querySelector("skinfo-chat");

for (const example of document.querySelectorAll("[data-ask]")) {
  example.addEventListener("click", async () => {
    await customElements.whenDefined("skinfo-chat");
    chat.ask(example.dataset.ask);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    chat.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  });
}
