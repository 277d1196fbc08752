/** Check a proof in the visitor's own browser: content, signature, place in the log, signature of the log. */

import "../styles/verify.css";

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Bytes = Uint8Array<ArrayBuffer>;
type Step = "claims" | "payload" | "signature" | "inclusion" | "checkpoint";
type State = "pass" | "fail" | "skip";

interface Envelope {
  kind: string;
  subject: string;
  at: string;
  party: number;
  key: string;
  digest: string;
}

interface Bundle {
  format: string;
  record: number | null;
  kind: string;
  subject: string;
  at: string;
  party: number;
  payload: Json;
  salt: string | null;
  entry: string;
  signer: { key: string; public_key: string };
  index: number;
  hashes: string[];
  checkpoint: string;
  log: { vkey: string };
}

const MARKS = { pass: "✓", fail: "✗", skip: "–" };
const TONES = { pass: "tone-good", fail: "tone-blocked", skip: "tone-unknown" };
const CLAIMS = ["kind", "subject", "at", "party"] as const;
const utf8 = new TextEncoder();

const bytes = (base64: string): Bytes => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
const hex = (raw: Bytes): string => Array.from(raw, (byte) => byte.toString(16).padStart(2, "0")).join("");
const same = (a: Bytes, b: Bytes): boolean => hex(a) === hex(b);

function join(...parts: Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const sha256 = async (...parts: Uint8Array[]): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", join(...parts)));

/** Write canonical JSON (RFC 8785, without fractions); throw where the profile forbids a value. */
function canonical(value: Json): string {
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new Error("not a safe integer");
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${members.join(",")}}`;
}

async function verifies(publicKey: Bytes, signature: Bytes, message: Bytes): Promise<boolean> {
  const key = await crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "Ed25519" }, key, signature, message);
}

const node = (left: Bytes, right: Bytes): Promise<Bytes> => sha256(Uint8Array.of(1), left, right);

/** Return the root that an inclusion proof leads to (RFC 9162 2.1.3.2), or null if its length is wrong. */
async function rootFrom(leaf: Bytes, index: bigint, size: bigint, proof: Bytes[]): Promise<Bytes | null> {
  if (index < 0n || index >= size) return null;
  let at = index;
  let last = size - 1n;
  let found = leaf;
  for (const sibling of proof) {
    if (last === 0n) return null;
    if (at & 1n || at === last) {
      found = await node(sibling, found);
      while (!(at & 1n) && at) {
        at >>= 1n;
        last >>= 1n;
      }
    } else found = await node(found, sibling);
    at >>= 1n;
    last >>= 1n;
  }
  return last ? null : found;
}

/** Check the signature of a C2SP signed note by the key written as name+id+key. */
async function noteHolds(note: string, vkey: string): Promise<boolean> {
  const [, name, id, encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey) ?? [];
  if (!encoded) return false;
  const typed = bytes(encoded);
  const keyId = (await sha256(utf8.encode(`${name}\n`), typed)).slice(0, 4);
  const gap = note.lastIndexOf("\n\n");
  const text = note.slice(0, gap + 1);
  if (typed[0] !== 1 || hex(keyId) !== id || text.split("\n")[0] !== name) return false;
  for (const line of note.slice(gap + 2).split("\n")) {
    const [dash, signer, signature] = line.split(" ");
    if (dash !== "—" || signer !== name) continue;
    const raw = bytes(signature);
    if (same(raw.slice(0, 4), keyId)) return verifies(typed.slice(1), raw.slice(4), utf8.encode(text));
  }
  return false;
}

function readEntry(raw: Bytes): { envelope: Envelope; signature: Bytes } {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(raw);
  const value = JSON.parse(text);
  if (canonical(value) !== text || value.envelope.v !== 1 || value.envelope.alg !== "Ed25519") throw new Error("entry");
  return { envelope: value.envelope, signature: bytes(value.sig) };
}

async function holds(check: () => Promise<boolean> | boolean): Promise<State> {
  try {
    return (await check()) ? "pass" : "fail";
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotSupportedError") throw error;
    return "fail";
  }
}

async function verify(bundle: Bundle, logKey: string): Promise<Record<Step, State>> {
  const raw = bytes(bundle.entry);
  const { envelope, signature } = readEntry(raw);
  const key = bytes(bundle.signer.public_key);
  return {
    claims: await holds(
      () => bundle.signer.key === envelope.key && CLAIMS.every((name) => bundle[name] === envelope[name]),
    ),
    payload:
      bundle.payload === null
        ? "skip"
        : await holds(async () => {
            const content = utf8.encode(canonical(bundle.payload));
            return hex(await sha256(bytes(bundle.salt ?? ""), content)) === envelope.digest;
          }),
    signature: await holds(async () => {
      const named = hex((await sha256(key)).slice(0, 16)) === envelope.key;
      return named && verifies(key, signature, utf8.encode(canonical(envelope as unknown as Json)));
    }),
    inclusion: await holds(async () => {
      const [, size, root] = bundle.checkpoint.split("\n");
      const leaf = await sha256(Uint8Array.of(0), raw);
      const found = await rootFrom(leaf, BigInt(bundle.index), BigInt(size), bundle.hashes.map(bytes));
      return found !== null && same(found, bytes(root));
    }),
    checkpoint: await holds(() => noteHolds(bundle.checkpoint, logKey || bundle.log.vkey)),
  };
}

/** Return [place, sealed, copied] wherever two values differ. */
function differences(sealed: Json, copied: Json, where: string): [string, Json, Json][] {
  if (sealed && copied && typeof sealed === "object" && typeof copied === "object") {
    const [a, b] = [sealed as Record<string, Json>, copied as Record<string, Json>];
    const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
    return names.flatMap((name) => differences(a[name] ?? "", b[name] ?? "", where ? `${where}/${name}` : name));
  }
  return sealed === copied ? [] : [[where, sealed, copied]];
}

class Panel {
  constructor(private readonly element: HTMLElement) {}

  private part(selector: string): HTMLElement {
    return this.element.querySelector<HTMLElement>(selector) as HTMLElement;
  }

  /** Check a bundle and show each step; name the differing fields of a copy that does not hold. */
  async show(bundle: Bundle, isCopy: boolean): Promise<void> {
    let states: Record<Step, State>;
    try {
      states = await verify(bundle, this.element.dataset.logKey ?? "");
    } catch (error) {
      if (error instanceof DOMException && error.name === "NotSupportedError") throw error;
      return this.unreadable();
    }
    this.element.hidden = false;
    const failed = Object.values(states).includes("fail");
    for (const [step, state] of Object.entries(states)) this.mark(step, state);
    const outcome = failed ? "fail" : states.payload === "skip" ? "sealed" : "pass";
    this.part("[data-sentence]").textContent = this.part("[data-result]").dataset[outcome] ?? "";
    this.part("[data-where]").textContent = this.part("[data-where]").dataset.browser ?? "";
    this.part("[data-notice]").hidden = true;
    this.element.dataset.outcome = failed ? "fail" : "pass";
    this.list(failed && isCopy ? await this.compare(bundle) : []);
  }

  notice(text: "unsupported" | "unreadable"): void {
    this.element.hidden = false;
    const notice = this.part("[data-notice]");
    notice.textContent = this.part("[data-result]").dataset[text] ?? "";
    notice.hidden = false;
  }

  unreadable(): void {
    for (const item of this.element.querySelectorAll<HTMLElement>("[data-step]")) this.mark(item.dataset.step ?? "", "skip");
    this.part("[data-sentence]").textContent = "";
    this.part("[data-where]").textContent = "";
    this.element.dataset.outcome = "unreadable";
    this.list([]);
    this.notice("unreadable");
  }

  private mark(step: string, state: State): void {
    const item = this.part(`[data-step="${step}"]`);
    const mark = item.querySelector("[data-mark]") as HTMLElement;
    const detail = item.querySelector("[data-detail]") as HTMLElement;
    item.dataset.state = state;
    mark.className = `c-badge ${TONES[state]}`;
    mark.textContent = MARKS[state];
    detail.textContent = state === "skip" ? (detail.dataset.skip ?? "") : "";
  }

  /** Fetch the record that the copy names, and if it holds, return where the copy differs from it. */
  private async compare(copy: Bundle): Promise<[string, Json, Json][]> {
    if (!Number.isSafeInteger(copy.record)) return [];
    const url = (this.element.dataset.recordUrl ?? "").replace("/0/", `/${copy.record}/`);
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) return [];
    const genuine: Bundle = await answer.json();
    const states = await verify(genuine, this.element.dataset.logKey ?? "");
    if (Object.values(states).includes("fail")) return [];
    const names = ["kind", "subject", "at", "party", "entry"] as const;
    const found = names.flatMap((name) => differences(genuine[name], copy[name], name));
    const both = genuine.payload !== null && copy.payload !== null;
    return both ? [...differences(genuine.payload, copy.payload, "payload"), ...found] : found;
  }

  private list(found: [string, Json, Json][]): void {
    const list = this.part("[data-differences]");
    const sentence = list.dataset.sentence ?? "";
    const shown = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value));
    list.hidden = found.length === 0;
    list.replaceChildren(
      ...found.map(([field, sealed, copy]) => {
        const item = document.createElement("li");
        const words: Record<string, string> = { field, sealed: shown(sealed), copy: shown(copy) };
        item.textContent = sentence.replace(/\{(\w+)\}/g, (_, name: string) => words[name] ?? "");
        return item;
      }),
    );
  }
}

async function canVerify(): Promise<boolean> {
  try {
    const point = Uint8Array.of(0x58, ...new Uint8Array(31).fill(0x66)); // the curve's base point
    await crypto.subtle.importKey("raw", point, { name: "Ed25519" }, false, ["verify"]);
    return true;
  } catch {
    return false; // an older browser, or a page without https
  }
}

async function start(element: HTMLElement): Promise<void> {
  const panel = new Panel(element);
  const url = element.dataset.bundleUrl;
  if (!(await canVerify())) {
    if (url) panel.notice("unsupported");
    return; // a copy goes to the server, which checks it
  }
  if (url) {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (answer.ok) await panel.show(await answer.json(), false);
  }
  document.querySelector<HTMLFormElement>("[data-verify-copy]")?.addEventListener("submit", async (event) => {
    const form = event.target as HTMLFormElement;
    const file = form.querySelector<HTMLInputElement>("input[type=file]")?.files?.[0];
    const pasted = form.querySelector("textarea")?.value ?? "";
    if (!file && !pasted.trim()) return;
    event.preventDefault();
    const text = file ? await file.text() : pasted;
    try {
      await panel.show(JSON.parse(text), true);
    } catch {
      if (text.startsWith("c2sp.org/")) form.submit(); // a tlog-proof: the server reads that form
      else panel.unreadable();
    }
    element.scrollIntoView({ block: "start" });
  });
}

document.querySelectorAll<HTMLElement>("[data-verify]").forEach((element) => void start(element));
