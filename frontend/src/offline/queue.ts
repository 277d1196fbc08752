/** Send what waits, one at a time in the order it was entered; after a failure wait longer each time. */
import { owner, word } from "./identity";
import { send } from "./send";
import { change, entriesOf, type Entry } from "./store";

export type Halt = "" | "network" | "server" | "signed-out" | "somebody-else";

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
const listeners = new Set<(halt: Halt) => void>();
let isRunning = false;
let timer = 0;

export const isWaiting = (entry: Entry): boolean =>
  entry.kind === "entry" && (entry.state === "waiting" || entry.state === "sent");

export const pause = (tries: number): number => Math.min(FIRST_PAUSE_MS * 2 ** Math.max(0, tries - 1), LONGEST_PAUSE_MS);

/** Call back with why the queue stopped, "" when all is sent. */
export function onHalt(listener: (halt: Halt) => void): void {
  listeners.add(listener);
}

/** Send now if one may; `isAsked` when somebody pressed the button, who does not want to wait. */
export async function sync(isAsked = false): Promise<void> {
  if (isRunning || !owner()) return;
  isRunning = true;
  try {
    if (!navigator.locks) await drain(isAsked);
    else await navigator.locks.request("cailan-entries", { ifAvailable: true }, async (lock) => {
      if (lock) await drain(isAsked);
    });
  } finally {
    isRunning = false;
  }
}

async function drain(isAsked: boolean): Promise<void> {
  clearTimeout(timer);
  let isFirst = isAsked;
  for (const entry of (await entriesOf(owner())).filter(isWaiting)) {
    if (!navigator.onLine) return halt("network");
    if (!isFirst && entry.notBefore > Date.now()) return again(entry.notBefore - Date.now());
    isFirst = false;
    const why = await deliver(entry);
    if (why) return halt(why);
  }
  halt("");
}

async function deliver(entry: Entry): Promise<Halt> {
  await change({ ...entry, state: "sent" });
  const outcome = await send(entry, false);
  const settled = { tries: 0, notBefore: 0, settledAt: Date.now() };
  if (outcome.state === "accepted") {
    const { url, message } = outcome;
    await change({ ...entry, ...settled, state: "accepted", url, message, fields: [], files: [], problem: undefined });
  } else if (outcome.state === "refused") {
    await change({ ...entry, ...settled, state: "refused", problem: outcome.problem });
  } else if (outcome.state === "page") {
    await change({ ...entry, ...settled, state: "refused", problem: { title: word("again") } });
  } else {
    const isFailure = outcome.why === "network" || outcome.why === "server";
    const tries = entry.tries + Number(isFailure);
    await change({ ...entry, state: "waiting", tries, notBefore: isFailure ? Date.now() + pause(tries) : 0 });
    if (isFailure) again(pause(tries));
    return outcome.why;
  }
  return "";
}

function again(milliseconds: number): void {
  timer = window.setTimeout(() => void sync(), milliseconds);
}

function halt(why: Halt): void {
  listeners.forEach((listener) => listener(why));
}

export function startQueue(): void {
  const go = () => void sync();
  addEventListener("online", () => void sync(true));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && go());
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-sync]")) void sync(true);
  });
  go();
}
