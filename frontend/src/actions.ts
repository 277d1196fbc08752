/** Small things that buttons do: open and close a dialog, print the page, hand its address on. */
async function share(button: HTMLElement): Promise<void> {
  const url = new URL(button.dataset.share || location.href, location.href).href;
  if (navigator.share) {
    await navigator.share({ url, title: button.dataset.title || document.title }).catch(() => undefined); // closed again
    return;
  }
  await navigator.clipboard?.writeText(url);
  const word = button.querySelector("[data-word]");
  if (word) word.textContent = button.dataset.done ?? word.textContent;
}

export function startActions(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-dialog], [data-close], [data-print], [data-share]");
    if (!button) {
      if (event.target instanceof HTMLDialogElement) event.target.close(); // beside the dialog, on the dark
      return;
    }
    if (button.dataset.dialog) document.querySelector<HTMLDialogElement>(`#${CSS.escape(button.dataset.dialog)}`)?.showModal();
    else if (button.dataset.close) button.closest("dialog")?.close();
    else if (button.dataset.share !== undefined) void share(button);
    else print();
  });
}
