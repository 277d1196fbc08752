/** Let `[data-copy]` buttons put their text on the clipboard and say that they did. */
export function startCopyButtons(): void {
  document.addEventListener("click", async (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("[data-copy]");
    if (!button || !navigator.clipboard) return;
    await navigator.clipboard.writeText(button.dataset.copy ?? "");
    button.classList.add("is-done");
    const word = button.querySelector("[data-word]");
    if (word) word.textContent = button.dataset.done ?? word.textContent;
  });
}
