import { useEffect, useState } from "preact/hooks";

/** Where the browser is: the parts of the path, decoded, and the query. */
export interface Location {
  path: string[];
  query: URLSearchParams;
}

const CHANGED = "control-center:navigated";

/** Goes to a page of this app; `replace` leaves no trace in the browser's history. */
export function navigate(url: string, options: { replace?: boolean } = {}): void {
  if (options.replace) history.replaceState(null, "", url);
  else history.pushState(null, "", url);
  dispatchEvent(new Event(CHANGED));
}

/** The address of a page from its parts, which are encoded, and its query, of which empty values are left out. */
export function href(
  path: readonly (string | number)[],
  query: Readonly<Record<string, string>> = {},
): string {
  const given = Object.entries(query).filter(([, value]) => value !== "");
  const search = new URLSearchParams(given).toString();
  return `/${path.map((part) => encodeURIComponent(part)).join("/")}${search && `?${search}`}`;
}

/** Where the browser is, kept up to date. */
export function useLocation(): Location {
  const [location, setLocation] = useState(read);
  useEffect(() => {
    const update = () => setLocation(read());
    addEventListener("popstate", update);
    addEventListener(CHANGED, update);
    return () => {
      removeEventListener("popstate", update);
      removeEventListener(CHANGED, update);
    };
  }, []);
  return location;
}

/** Makes plain clicks on links of this app change the page without a reload. */
export function interceptLinks(): void {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    const isPlain =
      event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !isPlain || event.defaultPrevented || link.target || link.origin !== window.location.origin)
      return;
    if (link.hash) return;
    event.preventDefault();
    navigate(link.pathname + link.search);
  });
}

function read(): Location {
  const { pathname, search } = window.location;
  const path = pathname
    .split("/")
    .filter(Boolean)
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    });
  return { path, query: new URLSearchParams(search) };
}
