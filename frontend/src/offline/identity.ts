/** Who this page was made for. A phone may be shared: what somebody entered is theirs alone, under this name. */
export function owner(): string {
  const { user, party } = document.body.dataset;
  return user ? `${user}-${party ?? ""}` : "";
}

export function newKey(): string {
  const random = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Return a moment as a minute of Shanghai time, the way the field of a form writes it. */
export function minuteInShanghai(moment: Date): string {
  const options = { timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "short" } as const;
  return new Intl.DateTimeFormat("sv-SE", options).format(moment).replace(" ", "T");
}

/** The sentences of this module, in the language of the page: the shell prints them. */
export function word(name: string): string {
  return document.querySelector<HTMLElement>("[data-offline-words]")?.dataset[name] ?? "";
}

/** Copy what a `<template>` of the shell holds. */
export function copyOf(name: string): HTMLElement {
  const template = document.querySelector<HTMLTemplateElement>(`template[data-template="${name}"]`);
  const first = template?.content.firstElementChild;
  if (!first) throw new Error(`no template ${name}`);
  return document.importNode(first, true) as HTMLElement;
}
