import { checkFacts } from "../../support/containers";
import { compareComponent } from "../../support/reviewed";

compareComponent("random-user-api");

checkFacts([
  [
    "random-user-api",
    "it is reached on the container network only",
    { env: { PORT: "8080" }, published: {} },
  ],
  ["random-user-api", "it runs as the user node", { user: "1000:1000" }],
  ["random-user-api", "its memory limit is 256 MiB", { memory: 256 }],
  ["random-user-api", "it is ready when it says so", { probe: { handler: "GET :8080/readyz" } }],
  ["random-user-api", "it depends on nothing", { startsAfter: [] }],
]);
