/** Close open menus when one clicks elsewhere or presses Escape; they open and close without any script. */
export function startMenus(): void {
  const open = () => document.querySelectorAll<HTMLDetailsElement>("details.c-menu[open]");
  document.addEventListener("click", (event) => {
    open().forEach((menu) => {
      if (!menu.contains(event.target as Node)) menu.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    open().forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    });
  });
}
