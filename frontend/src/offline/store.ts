/** What was entered on this phone, in IndexedDB: fields, photos, time and key, until the server has said what became of it. */
export type State = "waiting" | "sent" | "accepted" | "refused";

export interface Problem {
  title?: string;
  detail?: string;
  errors?: { where: string; what: string }[];
}

export interface Kept {
  name: string;
  filename: string;
  blob: Blob;
}

export interface Entry {
  id: number;
  kind: "entry" | "scan";
  owner: string;
  title: string;
  action: string; // where it is sent; of a scan, what it opens
  page: string; // the form it was entered in
  summary: [string, string][];
  fields: [string, string][];
  files: Kept[];
  enteredAt: number;
  state: State;
  tries: number;
  notBefore: number;
  settledAt?: number;
  url?: string;
  message?: string;
  problem?: Problem;
}

export type NewEntry = Omit<Entry, "id">;

const KEEP_ACCEPTED_MS = 24 * 3600 * 1000;
const news = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("cailan-entries");
const listeners = new Set<() => void>();
let opened: Promise<IDBDatabase> | null = null;

function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("cailan", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("entries", { keyPath: "id", autoIncrement: true }).createIndex("owner", "owner");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function run<T>(mode: IDBTransactionMode, ask: (entries: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const transaction = (await database()).transaction("entries", mode);
  const request = ask(transaction.objectStore("entries"));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error ?? request.error);
  });
}

function tell(): void {
  listeners.forEach((listener) => listener());
  news?.postMessage("changed");
}

/** Call back when anything changed, in this window or another one. */
export function onChange(listener: () => void): void {
  listeners.add(listener);
  news?.addEventListener("message", listener);
}

export async function add(entry: NewEntry): Promise<number> {
  const id = await run("readwrite", (entries) => entries.add(entry));
  tell();
  return Number(id);
}

export async function change(entry: Entry): Promise<void> {
  await run("readwrite", (entries) => entries.put(entry));
  tell();
}

export async function discard(id: number): Promise<void> {
  await run("readwrite", (entries) => entries.delete(id));
  tell();
}

/** Return the entries of one owner in the order they were entered; what was accepted a day ago is dropped. */
export async function entriesOf(owner: string): Promise<Entry[]> {
  if (!owner) return [];
  const all: Entry[] = await run("readonly", (entries) => entries.index("owner").getAll(owner));
  const old = all.filter((one) => one.state === "accepted" && (one.settledAt ?? 0) < Date.now() - KEEP_ACCEPTED_MS);
  for (const one of old) await run("readwrite", (entries) => entries.delete(one.id));
  return all.filter((one) => !old.includes(one)).sort((a, b) => a.id - b.id);
}

/** Drop what the server took from others than `owner`: on a shared phone nothing more of them is needed. */
export async function forgetAccepted(owner: string): Promise<void> {
  const all: Entry[] = await run("readonly", (entries) => entries.getAll());
  for (const one of all) {
    if (one.owner !== owner && one.state === "accepted") await run("readwrite", (entries) => entries.delete(one.id));
  }
}

export async function entryOf(owner: string, id: number): Promise<Entry | undefined> {
  return (await entriesOf(owner)).find((one) => one.id === id);
}
