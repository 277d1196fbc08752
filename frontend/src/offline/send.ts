/** Send one entry to the server and say what became of it. Sent again, it is booked once: its client key says so. */
import type { Entry, Problem } from "./store";

export type Outcome =
  | { state: "accepted"; url: string; message: string }
  | { state: "refused"; problem: Problem }
  | { state: "page" } // the server answers with a page for people: a step in between
  | { state: "later"; why: "network" | "server" | "signed-out" | "somebody-else" };

interface SignedIn {
  user: number;
  party: number | null;
  token: string;
}

const ASK_MS = 10_000;
const SEND_MS = 20_000;
const SLOWEST_BYTES_PER_MS = 10;
const BUSY = new Set([408, 425, 429, 502, 503, 504]);
const MOST_BREAKS = 5;

async function ask(url: string, options: RequestInit, patience: number): Promise<Response> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  try {
    return await fetch(url, { ...options, signal: stop.signal, credentials: "same-origin", cache: "no-store" });
  } finally {
    clearTimeout(timer);
  }
}

const isPage = (answer: Response): boolean => (answer.headers.get("content-type") ?? "").startsWith("text/html");
const isSignIn = (answer: Response): boolean => new URL(answer.url).pathname.startsWith("/account/");

/** Send as who is signed in now; only if that is who entered it. */
export async function send(entry: Omit<Entry, "id">, isOpenPage: boolean): Promise<Outcome> {
  try {
    const headers = { Accept: "application/json" };
    const asked = await ask("/account/token", { headers }, ASK_MS);
    if (asked.status === 401 || asked.status === 403 || isSignIn(asked) && isPage(asked)) return { state: "later", why: "signed-out" };
    if (!asked.ok) return { state: "later", why: "server" };
    const signedIn: SignedIn = await asked.json();
    if (`${signedIn.user}-${signedIn.party ?? ""}` !== entry.owner) return { state: "later", why: "somebody-else" };
    return await post(entry, signedIn.token, isOpenPage);
  } catch {
    return { state: "later", why: "network" };
  }
}

async function post(entry: Omit<Entry, "id">, token: string, isOpenPage: boolean): Promise<Outcome> {
  const body = new FormData();
  body.append("csrfmiddlewaretoken", token);
  for (const [name, value] of entry.fields) body.append(name, value);
  for (const file of entry.files) body.append(file.name, file.blob, file.filename);
  const size = entry.files.reduce((sum, file) => sum + file.blob.size, 0);
  const headers = { Accept: "application/json", "X-CSRFToken": token, "Cailan-Entry": isOpenPage ? "open" : "kept", "Cailan-Owner": entry.owner };
  const answer = await ask(entry.action, { method: "POST", body, headers }, SEND_MS + size / SLOWEST_BYTES_PER_MS);
  if (BUSY.has(answer.status) || (answer.status >= 500 && entry.tries < MOST_BREAKS)) return { state: "later", why: "server" };
  if (answer.status === 401) return { state: "later", why: "signed-out" };
  if (isPage(answer)) {
    if (isSignIn(answer)) return { state: "later", why: "signed-out" };
    return answer.redirected && answer.ok ? { state: "accepted", url: answer.url, message: "" } : { state: "page" };
  }
  const said = await answer.json();
  if (answer.ok) return { state: "accepted", url: said.url, message: said.message };
  if (said.type === "/problems/somebody-else") return { state: "later", why: "somebody-else" };
  if (said.type === "/problems/page-too-old") return { state: "later", why: "server" };
  if (said.type === "/problems/password-expired") return { state: "later", why: "signed-out" };
  return { state: "refused", problem: said };
}
