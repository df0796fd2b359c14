// Messages on this phone: whether it can show any, whether it does, and turning them on and off.
import { subscribe, unsubscribe } from "./api";

export const canPush = (): boolean => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

/** Registered on every start: the page then opens also without a network. */
export async function startWorker(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  // Over plain HTTP, and in private windows, a browser refuses; the page works without.
  await navigator.serviceWorker.register("./family-sw.js").catch(() => undefined);
}

async function current(): Promise<PushSubscription | null> {
  const worker = await navigator.serviceWorker.getRegistration();
  return (await worker?.pushManager.getSubscription()) ?? null;
}

export const isOn = async (): Promise<boolean> => canPush() && (await current().catch(() => null)) !== null;

/** Asks the person; false: they, or the browser, said no. */
export async function turnOn(key: string): Promise<boolean> {
  if ((await Notification.requestPermission()) !== "granted") return false;
  const worker = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: bytesOf(key) };
  const found = await worker.pushManager.subscribe(options).catch(() => null);
  if (found === null) return false;
  await subscribe(found);
  return true;
}

export async function turnOff(): Promise<void> {
  const found = await current();
  if (found === null) return;
  await unsubscribe(found.endpoint);
  await found.unsubscribe();
}

/** Base64url, as the gateway gives its key, in bytes. */
export function bytesOf(key: string): Uint8Array<ArrayBuffer> {
  const text = atob(key.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (each) => each.charCodeAt(0));
}
