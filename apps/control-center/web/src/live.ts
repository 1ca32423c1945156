import { useEffect, useState } from "preact/hooks";
import type { ApiError } from "../../src/api";

/** Whether the server tells of new samples now. */
let connected = true;
let source: EventSource | undefined;
const listeners = new Set<() => void>();

/** What was asked for does not exist; the message is the server's. */
class MissingError extends Error {}

/** Asks the server; on anything but a success throws an error with the server's words. */
export async function request<T>(url: string, init: RequestInit = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Error("The Control Center does not answer.", { cause: error });
  }
  if (response.ok) return (await response.json()) as T;
  const body = (await response.json().catch(() => undefined)) as ApiError | undefined;
  const message = body?.error ?? `HTTP ${response.status}`;
  throw response.status === 404 ? new MissingError(message) : new Error(message);
}

/** One stream of events for the whole page, open while it is visible. */
export function startEvents(): void {
  const open = () => {
    source = new EventSource("/api/events");
    source.addEventListener("open", () => tell(true));
    source.addEventListener("error", () => tell(false));
    source.addEventListener("sample", () => tell(true));
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) source?.close();
    else {
      open();
      tell(connected);
    }
  });
  open();
}

function tell(isConnected: boolean): void {
  connected = isConnected;
  listeners.forEach((listener) => listener());
}

/** What a request brought. Keeps the last data when a later request fails. */
export interface Loaded<T> {
  data: T | null;
  error: string | null;
  /** Whether the error is that there is no such thing. */
  isMissing: boolean;
}

const NOTHING = { data: null, error: null, isMissing: false };

/** The answer of a URL, asked again with each sample. */
export function useLive<T>(url: string): Loaded<T> {
  return useRequest(url, true);
}

/** The answer of a URL, asked once, and again with each sample while it fails. */
export function useOnce<T>(url: string): Loaded<T> {
  return useRequest(url, false);
}

/** Like {@link useOnce}, but what the URL before answered stays until this one has: nothing flickers. */
export function useOnceSteadily<T>(url: string): Loaded<T> {
  return useRequest(url, false, true);
}

function useRequest<T>(url: string, isLive: boolean, isSteady = false): Loaded<T> {
  const [state, setState] = useState<Loaded<T> & { url: string }>({ url, ...NOTHING });
  useEffect(() => {
    const abort = new AbortController();
    let isDone = false;
    let isAsking = false;
    const ask = () => {
      if (isAsking || (isDone && !isLive)) return;
      isAsking = true;
      request<T>(url, { signal: abort.signal })
        .then(
          (data) => {
            isDone = true;
            setState({ ...NOTHING, url, data });
          },
          (error: unknown) => {
            if (abort.signal.aborted) return;
            setState((before) => ({
              url,
              data: before.url === url ? before.data : null,
              error: messageOf(error),
              isMissing: error instanceof MissingError,
            }));
          },
        )
        .finally(() => (isAsking = false));
    };
    ask();
    listeners.add(ask);
    return () => {
      listeners.delete(ask);
      abort.abort();
    };
  }, [url, isLive]);
  return state.url === url || isSteady ? state : NOTHING;
}

/** Whether the server tells of new samples, kept up to date. */
export function useConnected(): boolean {
  const [value, setValue] = useState(connected);
  useEffect(() => {
    const update = () => setValue(connected);
    listeners.add(update);
    return () => void listeners.delete(update);
  }, []);
  return value;
}

/** The time now, every second. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
