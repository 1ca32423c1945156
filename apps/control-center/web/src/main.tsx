import { render } from "preact";
import "uplot/dist/uPlot.min.css";
import "./styles.css";
import { App } from "./app";
import { startEvents } from "./live";
import { interceptLinks } from "./router";

startEvents();
interceptLinks();
render(<App />, document.getElementById("app")!);
