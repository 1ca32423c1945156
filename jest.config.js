const base = {
  testEnvironment: "node",
  transform: { "^.+\\.ts$": "ts-jest", "\\.avsc$": "<rootDir>/apps/common/testing/avsc-transform.js" },
};

/** Tests that stop servers, which are their own. They wait most of the time, so they are a lane of their own. */
const OUTAGES = "/apps/[^/]+/__tests__/outages\\.test\\.ts$";

/**
 * Lanes: `infra` needs nothing; `images`, `apps` and `outages` need the test services that `make test` starts; each `e2e`
 * deploys the pipeline to its target.
 */
module.exports = {
  // Longer than any wait in a test, so that the wait fails first, which says what it waited for.
  testTimeout: 600_000,
  // A test that failed may have left a connection open.
  forceExit: true,
  globalSetup: "<rootDir>/__tests__/support/scratch-setup.ts",
  globalTeardown: "<rootDir>/__tests__/support/scratch-teardown.ts",
  projects: [
    { ...base, displayName: "infra", testMatch: ["<rootDir>/__tests__/{infra,tools,examples}/**/*.test.ts"] },
    { ...base, displayName: "images", testMatch: ["<rootDir>/__tests__/images/**/*.test.ts"] },
    {
      ...base,
      displayName: "apps",
      testMatch: ["<rootDir>/apps/*/__tests__/**/*.test.ts"],
      testPathIgnorePatterns: [OUTAGES],
    },
    { ...base, displayName: "outages", testRegex: [OUTAGES] },
    { ...base, displayName: "e2e-docker", testMatch: ["<rootDir>/__tests__/e2e/docker.test.ts"] },
    { ...base, displayName: "e2e-kind", testMatch: ["<rootDir>/__tests__/e2e/kind.test.ts"] },
    { ...base, displayName: "e2e-chart", testMatch: ["<rootDir>/__tests__/e2e/chart.test.ts"] },
    { ...base, displayName: "e2e-registry", testMatch: ["<rootDir>/__tests__/e2e/registry.test.ts"] },
  ],
};
