/** Chain pictures work as they come; this fits them to the screen as far as they stay legible, and finds the focus. */
const SMALLEST = 0.85;
const SMALLEST_TALL = 0.86;

export function startChains(): void {
  document.querySelectorAll<HTMLElement>("[data-chain]").forEach((frame) => {
    const picture = frame.querySelector("svg");
    const natural = picture?.viewBox.baseVal;
    if (!picture || !natural || !frame.clientWidth) return;
    const smallest = frame.classList.contains("c-chain--tall") ? SMALLEST_TALL : SMALLEST;
    const scale = Math.min(1, Math.max(smallest, frame.clientWidth / natural.width));
    picture.setAttribute("width", String(natural.width * scale));
    picture.setAttribute("height", String(natural.height * scale));
    const focus = picture.querySelector(".ch-focus");
    if (!focus) return;
    const here = focus.getBoundingClientRect();
    const there = frame.getBoundingClientRect();
    frame.scrollTo(here.left - there.left - (there.width - here.width) / 2, here.top - there.top - (there.height - here.height) / 2);
  });
}
