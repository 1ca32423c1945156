import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useConnected } from "./live";
import { BrokersPage } from "./pages/brokers";
import { DeadLettersPage } from "./pages/dead-letters";
import { GroupPage } from "./pages/group";
import { GroupsPage } from "./pages/groups";
import { MessagesPage } from "./pages/messages";
import { NotFoundPage } from "./pages/not-found";
import { PipelinePage } from "./pages/pipeline";
import { SchemaPage } from "./pages/schema";
import { SchemasPage } from "./pages/schemas";
import { TopicPage } from "./pages/topic";
import { TopicsPage } from "./pages/topics";
import { type Location, useLocation } from "./router";

const SECTIONS = [
  { path: "", title: "Pipeline" },
  { path: "brokers", title: "Brokers" },
  { path: "topics", title: "Topics" },
  { path: "messages", title: "Messages" },
  { path: "groups", title: "Consumer groups" },
  { path: "schemas", title: "Schemas" },
  { path: "dead-letters", title: "Dead letters" },
];

/** The frame of all pages, and the page that the address names. */
export function App() {
  const location = useLocation();
  const isConnected = useConnected();
  const main = useRef<HTMLElement>(null);
  const place = location.path.join("/");
  const isFirst = useRef(true);
  const section = SECTIONS.find(({ path }) => path === (location.path[0] ?? ""));

  useEffect(() => {
    const title = [...location.path.slice(1), section?.title, "Control Center"].filter(Boolean).join(" · ");
    document.title = title;
    // Users of a screen reader do not see the page change, so the focus moves to its heading.
    if (!isFirst.current) {
      main.current?.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    isFirst.current = false;
  }, [place]);

  useEffect(() => {
    const focusFilter = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.matches("input, textarea, select")) return;
      const filter = document.querySelector<HTMLElement>("[data-filter]");
      if (!filter) return;
      event.preventDefault();
      filter.focus();
    };
    addEventListener("keydown", focusFilter);
    return () => removeEventListener("keydown", focusFilter);
  }, []);

  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="sidebar">
        <a class="brand" href="/">
          <img src="/favicon.svg" alt="" width="28" height="28" />
          <span>Control Center</span>
        </a>
        <nav aria-label="Pages">
          <ul>
            {SECTIONS.map(({ path, title }) => (
              <li key={path}>
                <a href={`/${path}`} aria-current={path === section?.path ? "page" : undefined}>
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <p class="connection" role="status">
          <span class={`dot ${isConnected ? "good" : "bad"}`} aria-hidden="true" />
          {isConnected ? "Live, every 5 s" : "No connection, retrying"}
        </p>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        {pageOf(location)}
      </main>
    </>
  );
}

/** The page that an address names. */
function pageOf({ path: [section = "", name, ...rest], query }: Location): JSX.Element {
  if (rest.length > 0) return <NotFoundPage />;
  if (name !== undefined) {
    if (section === "topics") return <TopicPage key={name} name={name} />;
    if (section === "groups") return <GroupPage key={name} id={name} />;
    if (section === "schemas") return <SchemaPage key={name} subject={name} version={query.get("version")} />;
    return <NotFoundPage />;
  }
  switch (section) {
    case "":
      return <PipelinePage />;
    case "brokers":
      return <BrokersPage />;
    case "topics":
      return <TopicsPage />;
    case "messages":
      return <MessagesPage query={query} />;
    case "groups":
      return <GroupsPage />;
    case "schemas":
      return <SchemasPage />;
    case "dead-letters":
      return <DeadLettersPage />;
    default:
      return <NotFoundPage />;
  }
}
